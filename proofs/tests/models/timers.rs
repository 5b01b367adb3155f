//! The runtime with timers: no wake of its main future is lost.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use loom::model::Builder;
use loom::sync::atomic::{AtomicBool, Ordering::Relaxed};
use loom::thread::spawn;

use crate::runtimes::timers::runtime::Runtime;

/// Stands for the reactor: it watches no socket, and a wake ends its wait.
pub mod reactor {
    use std::io;
    use std::sync::Arc;
    use std::task::{Wake, Waker};
    use std::time::Duration;

    use loom::sync::{Condvar, Mutex};

    #[derive(Default)]
    pub struct Reactor(Arc<Shared>);

    #[derive(Default)]
    struct Shared {
        notified: Mutex<bool>,
        changed: Condvar,
    }

    impl Wake for Shared {
        fn wake(self: Arc<Self>) {
            *self.notified.lock().unwrap() = true;
            self.changed.notify_one();
        }
    }

    impl Reactor {
        pub fn new() -> io::Result<Reactor> {
            Ok(Reactor::default())
        }

        pub fn waker(&self) -> Waker {
            Waker::from(self.0.clone())
        }

        pub fn wait(&self, timeout: Option<Duration>) -> io::Result<usize> {
            let mut notified = self.0.notified.lock().unwrap();
            while timeout.is_none() && !*notified {
                notified = self.0.changed.wait(notified).unwrap();
            }
            *notified = false;
            Ok(0)
        }
    }
}

#[test]
fn a_poll_sees_what_was_done_before_each_wake() {
    // Three threads: every order would take minutes.
    let mut few = Builder::new();
    few.preemption_bound = Some(2);
    few.check(|| {
        let done = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
        let mut begun = false;
        let runtime = Runtime::new().unwrap();
        runtime.block_on(poll_fn(move |cx| {
            if !begun {
                begun = true;
                for done in done.clone() {
                    let waker = cx.waker().clone();
                    spawn(move || {
                        done.store(true, Relaxed);
                        waker.wake();
                    });
                }
            }
            match done.iter().all(|done| done.load(Relaxed)) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }));
    });
}
