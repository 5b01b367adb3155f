include!(concat!(env!("OUT_DIR"), "/rounds.rs"));

use std::cell::Cell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use exercises::{block_on, differs, watched, why};
use rounds::rounds;

const PAGE: &str = "pinning/pin.html#why-await-on-a-reference-needs-a-pin";
const AFTER: &str = "pinning/pin.html#async-fn-resumed-after-completion";
const HANGS: &str = "A round waits until the download is done. It should look \
                     once: `poll_once`.";

/// A download that is pending twice, then gives 7, and panics after that.
async fn download(polls: &Cell<u32>) -> u32 {
    poll_fn(|_| {
        polls.set(polls.get() + 1);
        match polls.get() {
            3 => Poll::Ready(7),
            _ => Poll::Pending,
        }
    })
    .await
}

/// What the rounds saw, how often it was started and polled.
fn run() -> (Vec<Option<u32>>, u32, u32) {
    let (starts, polls) = (Cell::new(0), Cell::new(0));
    let run = || {
        block_on(rounds(|| {
            starts.set(starts.get() + 1);
            polls.set(0);
            download(&polls)
        }))
    };
    let rule = "The download was ready, and was polled again. It stays in its \
                place after its end: remember that it is done, and do not \
                poll it any more.";
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(seen) => (seen, starts.get(), polls.get()),
        Err(_) if polls.get() >= 3 => panic!("{}", why(AFTER, rule)),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

#[test]
fn there_is_one_download() {
    watched(PAGE, HANGS, || {
        let (_, starts, _) = run();
        let rule = "`download()` makes a new future, with nothing done yet. \
                    Make one before the loop, pin it, and lend it in each \
                    round. (How often it was started.)";
        assert_eq!(starts, 1, "{}", differs(PAGE, rule));
    });
}

#[test]
fn the_file_arrives_in_the_third_round_and_is_not_asked_for_again() {
    watched(PAGE, HANGS, || {
        let (seen, _, polls) = run();
        let rule = "Each round polls once and adds what it saw. The file is \
                    there at the third poll.";
        let expected = vec![None, None, Some(7), None, None];
        assert_eq!(seen, expected, "{}", differs(PAGE, rule));
        let rule = "After it was ready it is not polled.";
        assert_eq!(polls, 3, "{}", differs(AFTER, rule));
    });
}
