//! A future that polls another one in a field, in three ways.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::Sleep;

// ANCHOR: boxed
/// Gives its text when the time is over. The timer is in a box.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Boxed {
    /// When.
    pub sleep: Pin<Box<Sleep>>,
    /// What.
    pub text: &'static str,
}

impl Future for Boxed {
    type Output = &'static str;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        ready!(self.sleep.as_mut().poll(cx));
        Poll::Ready(self.text)
    }
}
// ANCHOR_END: boxed

// ANCHOR: projected
pin_project! {
    /// The same without a box: the timer is in the struct.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Projected {
        #[pin]
        pub sleep: Sleep,
        pub text: &'static str,
    }
}

impl Future for Projected {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        ready!(this.sleep.poll(cx));
        Poll::Ready(*this.text)
    }
}
// ANCHOR_END: projected

// ANCHOR: unpin
/// Gives its text when a task is done. A `JoinHandle` is `Unpin`.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Joined {
    /// When.
    pub task: JoinHandle<()>,
    /// What.
    pub text: &'static str,
}

impl Future for Joined {
    type Output = Result<&'static str, JoinError>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        let end = ready!(Pin::new(&mut self.task).poll(cx));
        Poll::Ready(end.map(|()| self.text))
    }
}
// ANCHOR_END: unpin

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::{Instant, sleep};

    const HOUR: Duration = Duration::from_secs(60 * 60);

    #[tokio::test(start_paused = true)]
    async fn each_waits_for_its_field_and_gives_its_text() {
        let start = Instant::now();
        let boxed = Boxed { sleep: Box::pin(sleep(HOUR)), text: "boxed" };
        assert_eq!(boxed.await, "boxed");
        assert_eq!(start.elapsed(), HOUR);
        let projected = Projected { sleep: sleep(HOUR), text: "projected" };
        assert_eq!(projected.await, "projected");
        assert_eq!(start.elapsed(), 2 * HOUR);
        let joined = Joined { task: tokio::spawn(sleep(HOUR)), text: "joined" };
        assert_eq!(joined.await.ok(), Some("joined"));
        assert_eq!(start.elapsed(), 3 * HOUR);
    }

    #[tokio::test]
    async fn with_a_box_or_an_unpin_field_the_struct_may_move() {
        fn may_move<T: Unpin>(_: &T) {}
        may_move(&Boxed { sleep: Box::pin(sleep(HOUR)), text: "boxed" });
        may_move(&Joined { task: tokio::spawn(sleep(HOUR)), text: "joined" });
        assert!(size_of::<Boxed>() < size_of::<Projected>());
    }
}
