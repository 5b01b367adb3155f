//! The runtime with a reactor sleeps until the earliest deadline at most.

use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;

use super::clock::Clock;
use super::sleep::Timers;
use crate::runtimes::executor::{Executor, JoinHandle, Spawner};
use crate::runtimes::reactor::Reactor;

// ANCHOR: alarm
/// The waker of the loop: it says that there is something to poll, and ends
/// the sleep of the thread.
struct Alarm {
    woken: AtomicBool,
    home: ThreadId,
    reactor: Waker,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let first = !self.woken.swap(true, Ordering::SeqCst);
        // The thread of the runtime is awake if it calls this itself.
        if first && thread::current().id() != self.home {
            self.reactor.wake_by_ref();
        }
    }
}
// ANCHOR_END: alarm

// ANCHOR: block_on
/// Runs tasks, sockets and timers, on the thread that made it.
pub struct Runtime {
    executor: Executor,
    reactor: Reactor,
    timers: Timers,
    alarm: Arc<Alarm>,
}

impl Runtime {
    /// Runs `future` and all tasks until `future` is ready, and returns its
    /// output. The thread sleeps in the reactor while nobody is woken.
    ///
    /// # Panics
    /// When `future` panics, when a task calls this on its own runtime, or
    /// when the system cannot wait for sockets.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let waker = Waker::from(self.alarm.clone());
        let mut cx = Context::from_waker(&waker);
        let mut main = pin!(future);
        loop {
            // A swap: this poll sees what was done before each wake until now.
            self.alarm.woken.swap(false, Ordering::SeqCst);
            if let Poll::Ready(output) = main.as_mut().poll(&mut cx) {
                // Inside another `block_on`, this one may have taken its wake.
                waker.wake_by_ref();
                return output;
            }
            self.executor.run_once(&mut cx);
            let busy = self.alarm.woken.load(Ordering::SeqCst);
            let timeout = if busy { Some(Duration::ZERO) } else { self.nap() };
            let events = self.reactor.wait(timeout).expect("it can wait");
            if events == 0 {
                self.pass_time();
            }
            self.timers.fire();
        }
    }
}
// ANCHOR_END: block_on

// ANCHOR: nap
/// The shortest sleep. At its end, one wake of the thread serves all timers
/// that are due by then.
pub const GRAIN: Duration = Duration::from_micros(250);

impl Runtime {
    /// How long the thread may sleep when there is nothing to poll.
    fn nap(&self) -> Option<Duration> {
        let first = self.timers.first()?;
        match self.timers.clock() {
            Clock::Real => Some(GRAIN.max(first - self.timers.now())),
            Clock::Virtual(_) => Some(Duration::ZERO),
        }
    }

    /// When there is nothing to poll, nothing happens before the earliest
    /// deadline. A virtual clock jumps there.
    fn pass_time(&self) {
        let busy = self.alarm.woken.load(Ordering::SeqCst);
        if let Some(first) = self.timers.first().filter(|_| !busy) {
            self.timers.clock().jump(first);
        }
    }
}
// ANCHOR_END: nap

impl Runtime {
    /// A runtime without tasks, sockets and timers.
    ///
    /// # Errors
    /// When the system has no more descriptors for the reactor.
    pub fn new() -> io::Result<Runtime> {
        Runtime::with_clock(Clock::Real)
    }

    /// The same with a clock that stands still while there is something to
    /// do, and jumps to the next deadline when there is not. For tests.
    ///
    /// # Errors
    /// When the system has no more descriptors for the reactor.
    pub fn with_virtual_clock() -> io::Result<Runtime> {
        Runtime::with_clock(Clock::stopped())
    }

    fn with_clock(clock: Clock) -> io::Result<Runtime> {
        let (executor, reactor) = (Executor::default(), Reactor::new()?);
        let alarm = Arc::new(Alarm {
            woken: AtomicBool::new(false),
            home: thread::current().id(),
            reactor: reactor.waker(),
        });
        let timers = Timers::new(clock, Waker::from(alarm.clone()));
        Ok(Runtime { executor, reactor, timers, alarm })
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

    /// Makes sleeps, timeouts and intervals. A task keeps a clone.
    pub fn timers(&self) -> &Timers {
        &self.timers
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
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

    executor_laws!();

    const HOUR: Duration = Duration::from_secs(60 * 60);

    #[test]
    fn an_hour_of_a_virtual_clock_takes_no_time() {
        law(|| {
            let runtime = Runtime::with_virtual_clock().unwrap();
            let (timers, log) = (runtime.timers().clone(), Log::default());
            let start = timers.now();
            for (name, hours) in [("long", 3), ("short", 1), ("middle", 2)] {
                let (timers, log) = (timers.clone(), log.clone());
                drop(runtime.spawn(async move {
                    timers.sleep(hours * HOUR).await;
                    log.borrow_mut().push((name, hours));
                }));
            }
            runtime.block_on(timers.sleep(3 * HOUR));
            assert_eq!(timers.now(), start + 3 * HOUR);
            let order = [("short", 1), ("middle", 2)];
            assert_eq!(log.borrow()[..2], order);
        });
    }

    #[test]
    fn a_virtual_clock_stands_still_while_a_task_is_woken() {
        law(|| {
            let runtime = Runtime::with_virtual_clock().unwrap();
            let timers = runtime.timers().clone();
            let start = timers.now();
            drop(runtime.spawn(timers.sleep(HOUR)));
            let now = runtime.block_on(async {
                for _ in 0..100 {
                    yield_now().await;
                }
                timers.now()
            });
            assert_eq!(now, start);
        });
    }

    #[test]
    fn a_wake_notifies_the_reactor_only_from_another_thread_and_once() {
        let guest = Guest::new();
        let alarm = Arc::new(Alarm {
            woken: AtomicBool::new(false),
            home: thread::current().id(),
            reactor: guest.waker(),
        });
        let waker = Waker::from(alarm.clone());
        waker.wake_by_ref();
        assert_eq!(guest.wakes(), 0);
        assert!(alarm.woken.swap(false, Ordering::SeqCst));
        let other = thread::spawn(move || {
            waker.wake_by_ref();
            waker.wake();
        });
        other.join().unwrap();
        assert_eq!(guest.wakes(), 1);
        assert!(alarm.woken.load(Ordering::SeqCst));
    }

    #[test]
    fn a_virtual_clock_jumps_while_another_thread_works() {
        use super::super::timeout::{Elapsed, timeout};
        let run = || {
            let runtime = Runtime::with_virtual_clock().unwrap();
            let (release, released) = channel::<()>();
            let answer = ask(move || released.recv());
            let end = timeout(runtime.timers(), HOUR, answer);
            let end = runtime.block_on(end);
            // The thread could not answer before this.
            drop(release);
            matches!(end, Err(Elapsed))
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn a_sleep_counts_from_its_call() {
        law(|| {
            let runtime = Runtime::with_virtual_clock().unwrap();
            let timers = runtime.timers();
            let waits = runtime.block_on(async {
                let made_before = timers.sleep(HOUR);
                timers.sleep(HOUR).await;
                let start = timers.now();
                made_before.await;
                timers.now() - start
            });
            assert_eq!(waits, Duration::ZERO);
        });
    }

    #[test]
    fn a_real_sleep_takes_at_least_its_time() {
        let run = || {
            let runtime = Runtime::new().unwrap();
            let timers = runtime.timers();
            let (start, nap) = (timers.now(), Duration::from_millis(20));
            runtime.block_on(timers.sleep(nap));
            timers.now() - start >= nap
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn a_thread_that_waits_for_a_timer_sleeps() {
        use crate::wakers::block_on::job::count_polls;
        let run = || {
            let runtime = Runtime::new().unwrap();
            let nap = runtime.timers().sleep(Duration::from_millis(20));
            runtime.block_on(count_polls(nap)).1
        };
        // One sets the timer, one is for the news that it is the earliest.
        let polls = watchdog(LIMIT, run).unwrap();
        assert!((2..10).contains(&polls), "{polls}");
    }

    #[test]
    fn a_timer_that_another_thread_sets_ends_the_sleep_in_the_reactor() {
        let run = || {
            let runtime = Runtime::new().unwrap();
            let timers = runtime.timers().clone();
            let (sender, slept) = crate::wakers::oneshot::closed::channel();
            thread::spawn(move || {
                let nap = timers.sleep(Duration::from_millis(20));
                // The runtime drives it: this thread only waits for it.
                crate::wakers::block_on::flag::block_on(nap);
                let _ = sender.send(());
            });
            runtime.block_on(slept).is_ok()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn the_shortest_sleep_is_the_grain_and_a_longer_one_is_exact() {
        let runtime = Runtime::new().unwrap();
        let timers = runtime.timers();
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(runtime.nap(), None, "no timer waits");
        let mut late = timers.sleep(HOUR);
        assert!(Pin::new(&mut late).poll(&mut cx).is_pending());
        let before = timers.now();
        let nap = runtime.nap().unwrap();
        assert!(nap <= late.deadline() - before, "it is rounded up");
        assert!(nap >= late.deadline() - timers.now());
        // On a busy machine the moment may be over before the first poll.
        let mut soon = timers.sleep(GRAIN / 2);
        while Pin::new(&mut soon).poll(&mut cx).is_ready() {
            soon = timers.sleep(GRAIN / 2);
        }
        assert_eq!(runtime.nap(), Some(GRAIN));
    }

    #[test]
    fn a_timer_and_a_socket_wait_at_the_same_time() {
        use crate::runtimes::reactor::net::pair;
        let run = || {
            let runtime = Runtime::new().unwrap();
            let (timers, log) = (runtime.timers(), Log::default());
            let (here, there) = pair(runtime.reactor()).unwrap();
            let reads = log.clone();
            let reader = runtime.spawn(async move {
                here.read(&mut [0; 8]).await.unwrap();
                reads.borrow_mut().push(("read", 1));
            });
            runtime.block_on(async {
                timers.sleep(Duration::from_millis(5)).await;
                log.borrow_mut().push(("slept", 1));
                there.write_all(b"hello").await.unwrap();
                reader.await.unwrap();
            });
            assert_eq!(*log.borrow(), [("slept", 1), ("read", 1)]);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
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
}
