//! A future that is polled by one runtime and uses the timers of another.

use std::future::poll_fn;
use std::pin::pin;

use super::ambient::enter;
use crate::runtimes::timers::Timers;

// ANCHOR: inside
/// Enters the runtime of `timers` for each poll of `future`.
pub async fn inside<F: Future>(timers: Timers, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let _entered = enter(&timers);
        future.as_mut().poll(cx)
    })
    .await
}
// ANCHOR_END: inside

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};
    use std::time::Duration;

    use super::super::ambient::sleep;
    use super::*;
    use crate::proof::hostile::caught;
    use crate::proof::watchdog;
    use crate::runtimes::timers::{Clock, Runtime};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_runtime_is_entered_in_each_poll_and_left_after_it() {
        let timers = Timers::new(Clock::stopped(), Waker::noop().clone());
        let mut task = pin!(inside(timers.clone(), async {
            sleep(SECOND).await;
            sleep(SECOND).await;
        }));
        let cx = &mut Context::from_waker(Waker::noop());
        for _ in 0..2 {
            assert!(task.as_mut().poll(cx).is_pending());
            assert!(caught(|| drop(sleep(SECOND))).is_err());
            timers.clock().jump(timers.now() + SECOND);
        }
        assert!(task.as_mut().poll(cx).is_ready());
    }

    #[test]
    fn a_foreign_executor_polls_it_while_a_runtime_drives_the_timers() {
        let run = || {
            let runtime = Runtime::new().unwrap();
            let timers = runtime.timers().clone();
            let (sender, slept) = crate::wakers::oneshot::closed::channel();
            std::thread::spawn(move || {
                let nap = inside(timers, async {
                    sleep(Duration::from_millis(5)).await;
                });
                pollster::block_on(nap);
                let _ = sender.send(());
            });
            runtime.block_on(slept).is_ok()
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(true));
    }
}
