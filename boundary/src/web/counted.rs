//! How many polls a future takes, said line by line.

use std::future::poll_fn;
use std::pin::pin;

use super::platform::say;

// ANCHOR: counted
/// Runs `future`, and says of each poll what came of it.
pub async fn counted<F: Future>(name: &str, future: F) -> F::Output {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(move |context| {
        polls += 1;
        let poll = future.as_mut().poll(context);
        let what = if poll.is_ready() { "ready" } else { "pending" };
        say(format!("{name}, poll {polls}: {what}"));
        poll
    })
    .await
}
// ANCHOR_END: counted

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use super::*;

    #[test]
    fn counting_polls_changes_neither_value_nor_number() {
        let mut polls = 0;
        let twice = poll_fn(|context| {
            polls += 1;
            context.waker().wake_by_ref();
            if polls == 2 { Poll::Ready(7) } else { Poll::Pending }
        });
        assert_eq!(pollster::block_on(counted("twice", twice)), 7);
        assert_eq!(polls, 2);
    }
}
