include!(concat!(env!("OUT_DIR"), "/endless.rs"));

use std::pin::pin;
use std::task::{Context, Poll};

use endless::letters;
use exercises::channel::{Wait, last_wait, places};
use exercises::{Task, differs, watched, why};

const PAGE: &str = "wakers/channel.html";
const HANGS: &str = "A poll does not come back.";

/// Polls as often as it is woken, to the end.
fn to_the_end() -> Vec<char> {
    let task = Task::new();
    let waker = task.waker();
    let mut future = pin!(letters());
    let mut wakes = 0;
    loop {
        let poll = future.as_mut().poll(&mut Context::from_waker(&waker));
        if let Poll::Ready(letters) = poll {
            return letters;
        }
        if task.wakes() == wakes {
            break;
        }
        wakes = task.wakes();
    }
    let rule = match last_wait() {
        Some(Wait::Send) => {
            "It hangs in a `send`: both places are taken, and nobody receives. \
             The loop that receives begins when all is sent, so each waits \
             for the other. Let both run in turns: join them."
        }
        Some(Wait::Recv) => {
            "It hangs in the last `recv`. All letters have arrived, and `recv` \
             gives `None` when the last sender is dropped. Which sender still \
             lives while the loop runs? Move it into what sends."
        }
        None => "It is pending, and nobody will wake it.",
    };
    panic!("{}", why(PAGE, rule))
}

#[test]
fn it_comes_to_its_end_with_all_letters() {
    watched(PAGE, HANGS, || {
        let rule = "Each letter arrives once, in the order in which it was \
                    sent.";
        assert_eq!(to_the_end(), ['a', 'b', 'c'], "{}", differs(PAGE, rule));
    });
}

#[test]
fn the_channel_has_two_places() {
    watched(PAGE, HANGS, || {
        to_the_end();
        let rule = "With more places it would end as well, until somebody \
                    sends more. Keep the two.";
        assert_eq!(places(), Some(2), "{}", differs(PAGE, rule));
    });
}
