include!(concat!(env!("OUT_DIR"), "/small.rs"));

use std::cell::RefCell;
use std::future::poll_fn;
use std::task::Poll;

use exercises::{block_on, differs, watched, why};
use small::count;

const PAGE: &str = "futures/state-machines.html";
const HANGS: &str = "It waits for something other than the server, which \
                     always answers.";

fn page() -> [u8; 4096] {
    let mut page = [b'x'; 4096];
    page[..7].fill(b'\n');
    page
}

/// Answers at the second poll.
async fn answer() {
    let mut asked = false;
    poll_fn(|cx| {
        if asked {
            return Poll::Ready(());
        }
        asked = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// Small, and asked of each test: a stub that does all else is not done.
fn assert_small() {
    let size = size_of_val(&count(page, async |_| answer().await));
    let rule = format!(
        "The future has {size} bytes, so it has room for the page while it \
         waits. A local that was borrowed is kept until its block ends, even \
         after `drop`. Let its block end before the `.await`."
    );
    assert!(size < 1024, "{}", why(PAGE, &rule));
}

#[test]
fn its_future_is_small() {
    watched(PAGE, HANGS, assert_small);
}

#[test]
fn it_tells_the_server_once_and_returns_the_number() {
    watched(PAGE, HANGS, || {
        assert_small();
        let told = RefCell::new(Vec::new());
        let lines = block_on(count(page, async |lines| {
            told.borrow_mut().push(lines);
            answer().await;
        }));
        let rule = "The page has seven lines. The server is told once, and \
                    the same number is returned.";
        let seen = (lines, told.into_inner());
        assert_eq!(seen, (7, vec![7]), "{}", differs(PAGE, rule));
    });
}
