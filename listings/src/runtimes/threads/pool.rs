//! An executor whose workers have a queue each and steal from each other.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::{self, JoinHandle as Thread};

use super::idle::{Driver, Seat};
use super::join::JoinHandle;
use super::queue::Locks;
use super::scheduler::{Scheduler, Worker};
use super::task::{self, Runnable, Schedule, Task};
use super::tasks::Tasks;
use crate::wakers::block_on::flag::block_on;

/// What the workers share, and their tasks.
struct Shared {
    scheduler: Arc<Scheduler<Runnable>>,
    tasks: Tasks,
}

thread_local! {
    /// The worker that this thread is, if it is one.
    static HERE: RefCell<Option<Rc<Worker<Runnable>>>> =
        const { RefCell::new(None) };
}

impl Shared {
    /// The worker of this pool that this thread is.
    fn here(&self) -> Option<Rc<Worker<Runnable>>> {
        // An error: the thread is ending.
        let here = HERE.try_with(|here| here.borrow().clone()).ok()??;
        here.belongs_to(&self.scheduler).then_some(here)
    }
}

impl Schedule for Shared {
    fn schedule<F>(task: Arc<Task<F, Self>>)
    where
        F: Future<Output: Send> + Send + 'static,
    {
        match task.executor.here() {
            Some(worker) => worker.schedule(task),
            None => task.executor.scheduler.clone().inject(task),
        }
    }

    fn forget(&self, key: u32) {
        self.tasks.remove(key);
    }
}

// ANCHOR: work
/// What a worker's thread does.
fn work(worker: Worker<Runnable>) {
    let worker = Rc::new(worker);
    HERE.with(|here| here.replace(Some(worker.clone())));
    while let Some(task) = worker.next() {
        if let Some(woken) = task.run() {
            worker.schedule_again(woken);
        }
    }
    HERE.with(|here| here.take());
    worker.ends();
}
// ANCHOR_END: work

/// An executor with several threads.
pub struct Pool {
    shared: Arc<Shared>,
    workers: Vec<Thread<()>>,
}

impl Pool {
    /// Starts the workers.
    ///
    /// # Panics
    /// When `workers` is zero, or the operating system has no thread left.
    pub fn new(workers: usize) -> Pool {
        Pool::start(workers, None)
    }

    /// Starts the workers. One of those that have nothing to do waits in
    /// `driver`.
    ///
    /// # Panics
    /// When `workers` is zero, or the operating system has no thread left.
    pub fn with_driver(workers: usize, driver: impl Driver + 'static) -> Pool {
        Pool::start(workers, Some(Box::new(driver)))
    }

    /// Makes `future` a task, which any worker may poll.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.shared.spawn(future)
    }

    /// Runs `future` on this thread, and the tasks on those of the pool.
    ///
    /// # Panics
    /// When `future` panics.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        block_on(future)
    }
}

impl Pool {
    fn start(count: usize, driver: Option<Box<dyn Driver>>) -> Pool {
        assert!(count > 0, "a pool needs a worker");
        let (scheduler, workers) = Scheduler::new(count, Seat::new(driver));
        let tasks = Tasks::new(count);
        // If a thread cannot be started, the pool ends those that were.
        let shared = Arc::new(Shared { scheduler, tasks });
        let mut pool = Pool { shared, workers: Vec::new() };
        for (index, worker) in workers.into_iter().enumerate() {
            let thread = thread::Builder::new().name(format!("worker {index}"));
            let thread = thread.spawn(move || work(worker));
            pool.workers.push(thread.expect("there is a thread left"));
        }
        pool
    }

    /// A handle with which tasks spawn tasks.
    pub fn spawner(&self) -> Spawner {
        Spawner(self.shared.clone())
    }

    /// How many tasks have not ended.
    pub fn tasks(&self) -> usize {
        self.shared.tasks.len()
    }

    /// How often each worker's queue was locked, and the injector.
    pub fn locks(&self) -> (Vec<Locks>, Locks) {
        self.shared.scheduler.locks()
    }

    /// How often a worker that slept was woken for work.
    pub fn woken(&self) -> u64 {
        self.shared.scheduler.woken()
    }
}

// ANCHOR: drop
impl Drop for Pool {
    /// Ends the workers, each after the poll that it is in, and then drops
    /// every task.
    fn drop(&mut self) {
        self.shared.scheduler.close();
        let here = thread::current().id();
        for worker in self.workers.drain(..) {
            // A task may own the pool: no thread can wait for itself.
            if worker.thread().id() != here {
                // A worker catches the panics of its tasks.
                let _ = worker.join();
            }
        }
        self.shared.tasks.close().iter().for_each(|task| task.cancel());
        drop(self.shared.scheduler.drain());
    }
}
// ANCHOR_END: drop

impl Shared {
    fn spawn<F>(self: &Arc<Self>, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        task::spawn(future, self, |task| self.tasks.insert(task))
    }
}

/// Spawns tasks on the pool that made it, also from within its tasks.
#[derive(Clone)]
pub struct Spawner(Arc<Shared>);

impl Spawner {
    /// Makes `future` a task. When the pool is gone, `future` is dropped and
    /// the handle says `Cancelled`.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.0.spawn(future)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

impl fmt::Debug for Spawner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawner").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;
    use std::sync::{Condvar, Mutex};

    use super::*;
    use crate::proof::pool_laws::pool_laws;

    pool_laws!();

    /// Spawns children that say their number, then blocks its worker until
    /// `go`. Returns the numbers that came before that.
    fn blocks_after(children: u32) -> Vec<u32> {
        let run = move || {
            let pool = Pool::new(4);
            let spawner = pool.spawner();
            let (says, said) = channel();
            let (sender, go) = channel::<()>();
            let parent = pool.spawn(async move {
                for child in 1..=children {
                    let says = says.clone();
                    let says = async move { says.send(child).unwrap() };
                    drop(spawner.spawn(says));
                }
                go.recv().unwrap();
            });
            let stolen = (1..children).map(|_| said.recv().unwrap());
            let mut before: Vec<_> = stolen.collect();
            // The rest of the workers is idle, and still nobody comes.
            thread::sleep(Duration::from_millis(50));
            before.extend(said.try_iter());
            sender.send(()).unwrap();
            assert_eq!(pool.run(parent), Ok(()));
            assert_eq!(said.recv(), Ok(children), "after the parent");
            before.sort_unstable();
            before
        };
        watchdog(LIMIT, run).unwrap()
    }

    #[test]
    fn the_task_that_was_woken_last_is_not_stolen() {
        assert_eq!(blocks_after(1), []);
        assert_eq!(blocks_after(2), [1]);
        assert_eq!(blocks_after(5), [1, 2, 3, 4]);
    }

    /// Tasks in a ring, each of which wakes the next.
    async fn ring(spawner: Spawner, tasks: u64, rounds: u64) {
        let wakers =
            Arc::new(Mutex::new(vec![Waker::noop().clone(); tasks as usize]));
        let turn = Arc::new(AtomicUsize::new(0));
        let last = (tasks * rounds) as usize;
        let task = |place: usize| {
            let (wakers, turn) = (wakers.clone(), turn.clone());
            poll_fn(move |cx| {
                let count = wakers.lock().unwrap().len();
                wakers.lock().unwrap()[place].clone_from(cx.waker());
                let now = turn.load(Ordering::SeqCst);
                if now % count == place && now < last {
                    turn.store(now + 1, Ordering::SeqCst);
                    let next =
                        wakers.lock().unwrap()[(now + 1) % count].clone();
                    next.wake();
                }
                if turn.load(Ordering::SeqCst) + count > last
                    && now >= last - count
                {
                    return Poll::Ready(());
                }
                Poll::Pending
            })
        };
        let tasks: Vec<_> = (0..tasks as usize)
            .map(|place| spawner.spawn(task(place)))
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    }

    #[test]
    fn a_chain_of_wakes_needs_one_queue_lock_for_two_polls_and_no_worker() {
        law(|| {
            let pool = Pool::new(2);
            let chain = ring(pool.spawner(), 10, 1000);
            pool.run(pool.spawn(chain)).unwrap();
            let (queues, _) = pool.locks();
            let locks: u64 = queues.iter().map(|locks| locks.by_owner).sum();
            assert!((4_000..7_000).contains(&locks), "{locks}");
            assert!(pool.woken() < 100, "{}", pool.woken());
        });
    }

    #[test]
    fn a_poll_takes_two_locks_that_other_workers_seldom_take() {
        law(|| {
            let pool = Pool::new(2);
            let tasks: Vec<_> =
                (0..100).map(|_| pool.spawn(yields(1000))).collect();
            for task in tasks {
                pool.run(task).unwrap();
            }
            let (queues, _) = pool.locks();
            let own: u64 = queues.iter().map(|locks| locks.by_owner).sum();
            let others: u64 = queues.iter().map(|locks| locks.by_others).sum();
            assert!((200_000..204_000).contains(&own), "{own}");
            assert!(others < 2_000, "{others}");
        });
    }

    #[test]
    fn a_task_that_only_wakes_itself_wakes_no_worker() {
        law(|| {
            let pool = Pool::new(2);
            pool.run(pool.spawn(yields(1000))).unwrap();
            assert!(pool.woken() <= 2, "{}", pool.woken());
        });
    }

    #[test]
    fn a_task_that_wakes_itself_for_ever_keeps_no_other_waiting() {
        law(|| {
            let pool = Pool::new(1);
            let busy = pool.spawn(poll_fn(|cx| {
                cx.waker().wake_by_ref();
                Poll::<()>::Pending
            }));
            // From outside, from inside, and as one of two.
            assert_eq!(pool.run(pool.spawn(async { 42 })), Ok(42));
            let spawner = pool.spawner();
            let inner = pool.spawn(async move {
                spawner.spawn(yields(5)).await.unwrap();
            });
            assert_eq!(pool.run(inner), Ok(()));
            busy.abort();
            assert_eq!(pool.run(busy), Err(JoinError::Cancelled));
        });
    }

    #[test]
    fn two_tasks_that_wake_each_other_for_ever_keep_no_other_waiting() {
        law(|| {
            let pool = Pool::new(1);
            let places: Arc<[OnceLock<Waker>; 2]> = Arc::default();
            let other = |me: usize| {
                let places = places.clone();
                pool.spawn(poll_fn(move |cx| {
                    let _ = places[me].set(cx.waker().clone());
                    if let Some(waker) = places[1 - me].get() {
                        waker.wake_by_ref();
                    }
                    Poll::<()>::Pending
                }))
            };
            let pair = [other(0), other(1)];
            assert_eq!(pool.run(pool.spawn(yields(5))), Ok(()));
            drop(pair);
        });
    }

    #[test]
    fn many_tasks_use_every_worker() {
        law(|| {
            let pool = Pool::new(3);
            let meeting = Arc::new(std::sync::Barrier::new(3));
            let (meets, spawner) = (meeting.clone(), pool.spawner());
            // Three blocks at a time end only when three workers have one.
            let parent = pool.spawn(async move {
                let blocks = [(); 30].map(|()| {
                    let meets = meets.clone();
                    spawner.spawn(async move { meets.wait().is_leader() })
                });
                let mut leaders = 0;
                for block in blocks {
                    leaders += u32::from(block.await.unwrap());
                }
                leaders
            });
            assert_eq!(pool.run(parent), Ok(10));
        });
    }

    // The driver.

    /// A driver that is told of events by a call: each is a waker to wake.
    #[derive(Default)]
    struct Bell {
        state: Mutex<(Vec<Waker>, bool)>,
        changed: Condvar,
        turns: AtomicUsize,
        inside: AtomicUsize,
    }

    impl Bell {
        fn ring(&self, waker: Waker) {
            self.state.lock().unwrap().0.push(waker);
            self.changed.notify_one();
        }
    }

    impl Driver for Arc<Bell> {
        fn turn(&self, limit: Option<Duration>) {
            assert_eq!(self.inside.fetch_add(1, Ordering::SeqCst), 0);
            self.turns.fetch_add(1, Ordering::SeqCst);
            let mut state = self.state.lock().unwrap();
            while limit.is_none() && !state.1 && state.0.is_empty() {
                state = self.changed.wait(state).unwrap();
            }
            let (wakers, _) = std::mem::take(&mut *state);
            drop(state);
            self.inside.fetch_sub(1, Ordering::SeqCst);
            wakers.into_iter().for_each(Waker::wake);
        }

        fn interrupt(&self) {
            self.state.lock().unwrap().1 = true;
            self.changed.notify_one();
        }
    }

    /// Asks `bell` for a wake, once a turn, so often.
    async fn rung(bell: Arc<Bell>, times: u32) {
        for _ in 0..times {
            let mut asked = false;
            poll_fn(|cx| {
                if std::mem::replace(&mut asked, true) {
                    return Poll::Ready(());
                }
                bell.ring(cx.waker().clone());
                Poll::Pending
            })
            .await;
        }
    }

    #[test]
    fn one_worker_at_a_time_is_in_the_driver() {
        law(|| {
            let bell = Arc::new(Bell::default());
            let pool = Pool::with_driver(3, bell.clone());
            for _ in 0..20 {
                let tasks =
                    [(); 4].map(|()| pool.spawn(rung(bell.clone(), 50)));
                for task in tasks {
                    assert_eq!(pool.run(task), Ok(()));
                }
            }
            assert!(bell.turns.load(Ordering::SeqCst) > 0);
        });
    }

    #[test]
    fn a_wake_reaches_the_worker_that_is_in_the_driver() {
        law(|| {
            let bell = Arc::new(Bell::default());
            let pool = Pool::with_driver(1, bell.clone());
            for n in 0..1000 {
                // The one worker has nothing to do, and waits in the driver.
                assert_eq!(pool.run(pool.spawn(async move { n })), Ok(n));
            }
        });
    }

    #[test]
    fn a_busy_worker_looks_at_the_driver_all_the_same() {
        law(|| {
            let bell = Arc::new(Bell::default());
            let pool = Pool::with_driver(1, bell.clone());
            let busy = pool.spawn(poll_fn(|cx| {
                cx.waker().wake_by_ref();
                Poll::<()>::Pending
            }));
            let task = pool.spawn(rung(bell.clone(), 10));
            assert_eq!(pool.run(task), Ok(()));
            drop(busy);
        });
    }

    /// Gives its waker away, and goes on when it was woken.
    async fn event(wakers: Sender<Waker>) {
        let mut asked = false;
        poll_fn(|cx| {
            if std::mem::replace(&mut asked, true) {
                return Poll::Ready(());
            }
            wakers.send(cx.waker().clone()).unwrap();
            Poll::Pending
        })
        .await;
    }

    #[test]
    fn events_wait_while_a_task_from_the_driver_blocks_and_the_others_sleep() {
        law(|| {
            let bell = Arc::new(Bell::default());
            let pool = Pool::with_driver(2, bell.clone());
            let ((sender, wakers), (says, said)) = (channel(), channel());
            let (end, go) = channel::<()>();
            let (asks, tells) = (sender.clone(), says.clone());
            let blocks = pool.spawn(async move {
                event(asks).await;
                tells.send("blocks").unwrap();
                go.recv().unwrap();
            });
            let blocks_at = wakers.recv().unwrap();
            let reads = pool.spawn(async move {
                event(sender).await;
                says.send("reads").unwrap();
            });
            let reads_at = wakers.recv().unwrap();
            // One worker sleeps. The other one is, or soon will be, in the
            // driver, and comes back with the task that blocks.
            while pool.shared.scheduler.sleeping() != 1 {
                thread::yield_now();
            }
            bell.ring(blocks_at);
            assert_eq!(said.recv(), Ok("blocks"));
            bell.ring(reads_at);
            thread::sleep(Duration::from_millis(50));
            assert!(said.try_recv().is_err(), "nobody is in the driver");
            // A task for the worker that sleeps, which then takes the seat.
            assert_eq!(pool.run(pool.spawn(async { 42 })), Ok(42));
            assert_eq!(said.recv(), Ok("reads"), "while the other blocks");
            end.send(()).unwrap();
            assert_eq!(pool.run(blocks), Ok(()));
            assert_eq!(pool.run(reads), Ok(()));
        });
    }

    #[test]
    fn a_task_that_yields_does_not_wait_for_one_from_the_driver_that_blocks() {
        law(|| {
            let bell = Arc::new(Bell::default());
            let pool = Pool::with_driver(2, bell.clone());
            let (sender, wakers) = channel();
            let turns = Arc::new(AtomicUsize::new(0));
            let (asks, counts) = (sender.clone(), turns.clone());
            let yields = pool.spawn(async move {
                event(asks).await;
                loop {
                    counts.fetch_add(1, Ordering::SeqCst);
                    yield_now().await;
                }
            });
            let yields_at = wakers.recv().unwrap();
            let sees = turns.clone();
            let blocks = pool.spawn(async move {
                event(sender).await;
                // Another worker has to come for the task that yields.
                let before = sees.load(Ordering::SeqCst);
                while sees.load(Ordering::SeqCst) == before {
                    thread::sleep(Duration::from_millis(1));
                }
            });
            let blocks_at = wakers.recv().unwrap();
            // One worker sleeps. The other one is, or soon will be, in the
            // driver, and comes back with the task that yields.
            while pool.shared.scheduler.sleeping() != 1 {
                thread::yield_now();
            }
            bell.ring(yields_at);
            while turns.load(Ordering::SeqCst) == 0 {
                thread::yield_now();
            }
            bell.ring(blocks_at);
            assert_eq!(pool.run(blocks), Ok(()));
            drop(yields);
        });
    }

    #[test]
    fn a_driver_that_panics_ends_no_worker() {
        struct Bad(Arc<Bell>);
        impl Driver for Bad {
            fn turn(&self, limit: Option<Duration>) {
                self.0.turn(limit);
                panics();
            }
            fn interrupt(&self) {
                self.0.interrupt();
                panics();
            }
        }
        law(|| {
            let bell = Arc::new(Bell::default());
            let pool = Pool::with_driver(2, Bad(bell.clone()));
            assert_eq!(pool.run(pool.spawn(rung(bell.clone(), 50))), Ok(()));
            assert_eq!(pool.run(pool.spawn(async { 42 })), Ok(42));
        });
    }

    /// What the page says of its size, without empty lines and comments.
    #[test]
    fn the_pool_has_fewer_than_900_lines_and_no_unsafe_code() {
        let files = [
            include_str!("idle.rs"),
            include_str!("join.rs"),
            include_str!("pool.rs"),
            include_str!("queue.rs"),
            include_str!("scheduler.rs"),
            include_str!("task.rs"),
            include_str!("tasks.rs"),
        ];
        let mut lines = 0;
        for file in files {
            let code = file.split("#[cfg(test)]").next().unwrap();
            let code: Vec<_> = code
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty() && !l.starts_with("//"))
                .collect();
            assert!(code.iter().all(|line| !line.contains("unsafe")));
            lines += code.len();
        }
        assert!((700..900).contains(&lines), "{lines}");
    }

    #[test]
    fn it_counts_the_tasks_that_have_not_ended_and_the_wakes_of_its_workers() {
        let run = || {
            let pool = Pool::new(2);
            let before = pool.woken();
            for _ in 0..3 {
                while pool.shared.scheduler.sleeping() < 2 {
                    thread::yield_now();
                }
                assert_eq!(pool.run(pool.spawn(async { 42 })), Ok(42));
            }
            let forever: Vec<_> =
                (0..3).map(|_| pool.spawn(pending::<()>())).collect();
            // A task has ended a little after its handle is ready.
            while pool.tasks() != forever.len() {
                thread::yield_now();
            }
            pool.woken() - before
        };
        assert!(watchdog(LIMIT, run).unwrap() >= 3);
    }
}
