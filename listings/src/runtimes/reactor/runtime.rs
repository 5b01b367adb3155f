//! An executor that sleeps in the reactor: one thread, many tasks, many
//! sockets.

use std::io;
use std::pin::pin;
use std::task::{Context, Poll};

use super::driver::Reactor;
use crate::runtimes::executor::{Executor, JoinHandle, Spawner};

// ANCHOR: runtime
/// Runs tasks and watches sockets, on the thread that made it.
#[derive(Debug)]
pub struct Runtime {
    executor: Executor,
    reactor: Reactor,
}

impl Runtime {
    /// Runs `future` and all tasks until `future` is ready, and returns its
    /// output. The thread sleeps in the reactor while nobody is woken.
    ///
    /// # Panics
    /// When `future` panics, when a task calls this on its own runtime, or
    /// when the system cannot wait for sockets.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let waker = self.reactor.waker();
        let mut cx = Context::from_waker(&waker);
        let mut main = pin!(future);
        loop {
            if let Poll::Ready(output) = main.as_mut().poll(&mut cx) {
                // Inside another `block_on`, this one may have taken its wake.
                waker.wake_by_ref();
                return output;
            }
            self.executor.run_once(&mut cx);
            self.reactor.wait(None).expect("the system can wait");
        }
    }
    // ANCHOR_END: runtime

    /// A runtime without tasks and sockets.
    ///
    /// # Errors
    /// When the system has no more descriptors for the reactor.
    pub fn new() -> io::Result<Runtime> {
        let reactor = Reactor::new()?;
        Ok(Runtime { executor: Executor::default(), reactor })
    }

    /// Makes `future` a task.
    pub fn spawn<F: Future + 'static>(
        &self,
        future: F,
    ) -> JoinHandle<F::Output> {
        self.spawner().spawn(future)
    }

    /// A handle with which a task spawns tasks.
    pub fn spawner(&self) -> Spawner {
        self.executor.spawner()
    }

    /// Where its sockets are registered.
    pub fn reactor(&self) -> &Reactor {
        &self.reactor
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::laws::executor_laws;

    /// The runtime by the name that the laws of executors use.
    struct Executor(Runtime);

    impl Default for Executor {
        fn default() -> Executor {
            Executor(Runtime::new().unwrap())
        }
    }

    impl Executor {
        fn spawner(&self) -> Spawner {
            self.0.spawner()
        }

        fn run<F: Future>(&self, future: F) -> F::Output {
            self.0.block_on(future)
        }

        fn run_until_stalled(&self) -> usize {
            self.0.executor.run_until_stalled()
        }
    }

    impl std::fmt::Debug for Executor {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.executor.fmt(f)
        }
    }

    #[test]
    fn a_task_without_sockets_runs_while_the_runtime_blocks_on_its_handle() {
        let said = watchdog(Duration::from_secs(60), || {
            let runtime = Runtime::new().expect("descriptors are left");
            let handle = runtime.spawn(async { "done" });
            runtime.block_on(handle)
        });
        assert_eq!(said, Ok(Ok("done")));
    }

    #[test]
    fn a_block_on_inside_the_main_future_takes_no_wake_of_it() {
        use crate::wakers::oneshot::closed::channel;
        law(|| {
            let runtime = Runtime::new().unwrap();
            let (sender, receiver) = channel();
            let inside = async {
                runtime.block_on(async {
                    let sends = thread::spawn(move || sender.send(7));
                    sends.join().unwrap().unwrap();
                    yield_now().await;
                });
            };
            let both = async { futures::join!(receiver, inside).0 };
            assert_eq!(runtime.block_on(both), Ok(7));
        });
    }

    executor_laws!();
}
