//! Each operation of three runtimes, run in seven ways: what works, what
//! panics, and what hangs because nobody drives it.

use std::io;
use std::io::Write;
use std::net::TcpStream;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use async_compat::Compat;
use tokio::runtime::{Builder, Runtime as Tokio};
use tokio::sync::Semaphore;

use crate::proof::hostile::{Caught, caught};
use crate::runtimes::reactor::Reactor;
use crate::runtimes::reactor::net::std_pair;
use crate::runtimes::timers::{Runtime as Ours, Timers};
use crate::wakers::block_on::flag;

/// An operation, as a future that makes what it needs when it is polled.
pub type Op = fn(&Parts) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// What the operations of our runtime take as an argument.
#[derive(Debug, Clone)]
pub struct Parts {
    reactor: Reactor,
    timers: Timers,
}

/// How an operation is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// By `block_on` of a Tokio runtime.
    Tokio,
    /// By `smol::block_on`.
    Smol,
    /// By `block_on` of our runtime with sockets and timers.
    Ours,
    /// By a `block_on` that does nothing else, such as pollster's.
    Bare,
    /// By smol, on a thread that has entered a Tokio runtime.
    Entered,
    /// The same, and no thread drives that Tokio runtime.
    Idle,
    /// By smol, in `async_compat::Compat`.
    Compat,
}

/// How it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Works,
    /// With [`MISSING`].
    Panics,
    /// Until somebody drives the runtime that it belongs to.
    Hangs,
}

/// What Tokio says on a thread that has entered no runtime.
pub const MISSING: &str = "there is no reactor running, must be called from \
                           the context of a Tokio 1.x runtime";

const MOMENT: Duration = Duration::from_millis(1);

/// Awaits `receives`, and does `sends` in its first poll, after it was
/// pending: so it always needs a wake.
async fn later<T>(
    receives: impl Future<Output = T>,
    sends: impl FnOnce() + Send + 'static,
) -> T {
    let (mut receives, mut sends) = (pin!(receives), Some(sends));
    std::future::poll_fn(|cx| {
        let polled = receives.as_mut().poll(cx);
        if let Some(sends) = sends.take() {
            assert!(polled.is_pending(), "nothing was sent");
            thread::spawn(sends).join().expect("it only sends");
        }
        polled
    })
    .await
}

/// A socket that gets a byte, and what sends that byte.
fn socket() -> (TcpStream, impl FnOnce() + Send + 'static) {
    let (here, mut there) = std_pair().expect("a pair of sockets");
    here.set_nonblocking(true).expect("a mode of every socket");
    (here, move || there.write_all(b"x").expect("there is room"))
}

/// The operations.
pub mod ops {
    use super::*;

    type Boxed = Pin<Box<dyn Future<Output = ()> + Send>>;

    pub fn tokio_sleep(_: &Parts) -> Boxed {
        Box::pin(async { tokio::time::sleep(MOMENT).await })
    }

    pub fn tokio_socket(_: &Parts) -> Boxed {
        use tokio::io::AsyncReadExt;
        Box::pin(async {
            let (here, sends) = socket();
            let here = tokio::net::TcpStream::from_std(here);
            let mut here = here.expect("it can be watched");
            let read = later(here.read_u8(), sends).await;
            assert_eq!(read.expect("a byte"), b'x');
        })
    }

    pub fn tokio_spawn(_: &Parts) -> Boxed {
        Box::pin(async {
            let task = tokio::spawn(async { 7 });
            assert_eq!(task.await.expect("no panic"), 7);
        })
    }

    pub fn tokio_spawn_blocking(_: &Parts) -> Boxed {
        Box::pin(async {
            let job = tokio::task::spawn_blocking(|| 7);
            assert_eq!(job.await.expect("no panic"), 7);
        })
    }

    pub fn tokio_sync(_: &Parts) -> Boxed {
        use tokio::sync::{mpsc, oneshot};
        Box::pin(async {
            let (sender, mut receiver) = mpsc::channel(1);
            let sends = move || sender.try_send(7).expect("it is empty");
            assert_eq!(later(receiver.recv(), sends).await, Some(7));
            let (sender, receiver) = oneshot::channel();
            let sends = move || sender.send(8).expect("it is open");
            assert_eq!(later(receiver, sends).await, Ok(8));
        })
    }

    pub fn smol_timer(_: &Parts) -> Boxed {
        Box::pin(async {
            smol::Timer::after(MOMENT).await;
        })
    }

    pub fn smol_socket(_: &Parts) -> Boxed {
        use smol::io::AsyncReadExt;
        Box::pin(async {
            let (here, sends) = socket();
            let mut here = smol::Async::new(here).expect("it is watched");
            let mut byte = [0];
            let read = later(here.read_exact(&mut byte), sends).await;
            assert_eq!(read.map(|()| byte).expect("a byte"), *b"x");
        })
    }

    pub fn smol_spawn(_: &Parts) -> Boxed {
        Box::pin(async { assert_eq!(smol::spawn(async { 7 }).await, 7) })
    }

    pub fn smol_channel(_: &Parts) -> Boxed {
        Box::pin(async {
            let (sender, receiver) = smol::channel::bounded(1);
            let sends = move || sender.try_send(7).expect("it is empty");
            assert_eq!(later(receiver.recv(), sends).await, Ok(7));
        })
    }

    pub fn our_sleep(parts: &Parts) -> Boxed {
        let timers = parts.timers.clone();
        Box::pin(async move { timers.sleep(MOMENT).await })
    }

    pub fn our_socket(parts: &Parts) -> Boxed {
        use crate::runtimes::reactor::TcpStream;
        let reactor = parts.reactor.clone();
        Box::pin(async move {
            let (here, sends) = socket();
            let here = TcpStream::new(here, &reactor).expect("it is watched");
            let mut byte = [0];
            let read = later(here.read(&mut byte), sends).await;
            assert_eq!(read.map(|_| byte).expect("a byte"), *b"x");
        })
    }
}

/// A Tokio runtime with one worker, which drives it.
fn driven() -> io::Result<Tokio> {
    Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

// ANCHOR: run
/// Runs `op` to its end, in this place and on this thread.
fn run(place: Place, tokio: &Tokio, op: impl Future<Output = ()>) {
    match place {
        Place::Tokio => tokio.block_on(op),
        Place::Smol => smol::block_on(op),
        Place::Ours => Ours::new().expect("a reactor").block_on(op),
        Place::Bare => flag::block_on(op),
        Place::Entered | Place::Idle => {
            let _entered = tokio.enter();
            smol::block_on(op);
        }
        Place::Compat => smol::block_on(Compat::new(op)),
    }
}
// ANCHOR_END: run

/// Tries one cell of the table.
///
/// # Panics
/// When `op` does not end like this in `place`.
pub fn prove(op: Op, place: Place, end: End) {
    let ours = Ours::new().expect("a reactor");
    let tokio = match place {
        Place::Idle => Builder::new_current_thread().enable_all().build(),
        _ => driven(),
    };
    let tokio = tokio.expect("a runtime");
    match end {
        End::Works if place == Place::Ours => ours.block_on(op(&parts(&ours))),
        End::Works => run(place, &tokio, op(&parts(&ours))),
        End::Panics => {
            let op = op(&parts(&ours));
            let end = caught(|| run(place, &tokio, op));
            assert_eq!(end, Err(Caught::Other(MISSING.to_string())));
        }
        End::Hangs => hangs(op(&parts(&ours)), place, tokio, &ours),
    }
}

fn parts(ours: &Ours) -> Parts {
    let (reactor, timers) = (ours.reactor().clone(), ours.timers().clone());
    Parts { reactor, timers }
}

// ANCHOR: hangs
/// Nobody wakes `op` although what it waits for has happened, and it ends as
/// soon as threads drive the runtimes that nobody drove.
fn hangs(
    op: impl Future<Output = ()> + Send + 'static,
    place: Place,
    tokio: Tokio,
    ours: &Ours,
) {
    let (waits, first_poll) = channel();
    let wakes = Arc::<AtomicUsize>::default();
    let op = Seen { op: Box::pin(op), waits, wakes: wakes.clone() };
    let (tokio, ended) = (Arc::new(tokio), Arc::new(Semaphore::new(0)));
    let (there, tells) = (tokio.clone(), ended.clone());
    let runner = thread::spawn(move || {
        run(place, &there, op);
        tells.add_permits(2);
    });
    first_poll.recv().expect("it waits");
    // Each runtime that somebody drives finishes something longer, twice: its
    // second turn begins after the wakes of the first.
    let longer = || async { tokio::time::sleep(3 * MOMENT).await };
    for _ in 0..2 {
        smol::block_on(smol::Timer::after(3 * MOMENT));
        smol::block_on(Compat::new(longer()));
        if place != Place::Idle {
            tokio.block_on(longer());
        }
    }
    assert_eq!(wakes.load(Ordering::SeqCst), 0, "somebody drives it");
    let ends = ended.clone();
    let driver = thread::spawn(move || drop(tokio.block_on(ends.acquire())));
    drop(ours.block_on(ended.acquire()));
    driver.join().expect("it ends");
    runner.join().expect("it ends");
    assert_ne!(wakes.load(Ordering::SeqCst), 0);
}
// ANCHOR_END: hangs

/// Tells of the first time that `op` waits, and counts its wakes.
struct Seen<F> {
    op: Pin<Box<F>>,
    waits: Sender<()>,
    wakes: Arc<AtomicUsize>,
}

struct Counted(Arc<AtomicUsize>, Waker);

impl Wake for Counted {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
        self.1.wake_by_ref();
    }
}

impl<F: Future> Future for Seen<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let counted = Counted(self.wakes.clone(), cx.waker().clone());
        let waker = Waker::from(Arc::new(counted));
        let polled = self.op.as_mut().poll(&mut Context::from_waker(&waker));
        if polled.is_pending() {
            let _ = self.waits.send(());
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::watchdog;
    use crate::runtimes::choosing::table::{PLACES, ROWS};

    const LIMIT: Duration = Duration::from_secs(60);

    #[test]
    fn a_cell_that_says_something_else_is_noticed() {
        let wrong = |op: Op, place, end| {
            let prove = move || caught(|| prove(op, place, end)).is_err();
            assert_eq!(watchdog(LIMIT, prove), Ok(true), "{place:?} {end:?}");
        };
        wrong(ops::tokio_sleep, Place::Bare, End::Works);
        wrong(ops::tokio_sleep, Place::Tokio, End::Panics);
        wrong(ops::smol_timer, Place::Bare, End::Hangs);
        wrong(ops::tokio_sleep, Place::Entered, End::Hangs);
        wrong(ops::tokio_socket, Place::Compat, End::Hangs);
    }

    #[test]
    fn the_channels_of_futures_work_everywhere() {
        fn channels(_: &Parts) -> Pin<Box<dyn Future<Output = ()> + Send>> {
            use futures::StreamExt;
            use futures::channel::{mpsc, oneshot};
            Box::pin(async {
                let (mut sender, mut receiver) = mpsc::channel(1);
                let sends = move || sender.try_send(7).unwrap();
                assert_eq!(later(receiver.next(), sends).await, Some(7));
                let (sender, receiver) = oneshot::channel();
                let sends = move || sender.send(8).unwrap();
                assert_eq!(later(receiver, sends).await, Ok(8));
            })
        }
        for place in PLACES {
            let works = move || prove(channels, place, End::Works);
            assert_eq!(watchdog(LIMIT, works), Ok(()));
        }
    }

    #[test]
    fn pollster_and_futures_are_as_bare_as_our_block_on() {
        type Runner = fn(Pin<Box<dyn Future<Output = ()> + Send>>);
        let column = PLACES.iter().position(|it| *it == Place::Bare).unwrap();
        let runners: [Runner; 2] =
            [pollster::block_on, futures::executor::block_on];
        for runner in runners {
            for (name, op, ends) in ROWS {
                let run = move || {
                    let ours = Ours::new().unwrap();
                    caught(|| runner(op(&parts(&ours))))
                };
                match ends[column] {
                    End::Works => assert_eq!(watchdog(LIMIT, run), Ok(Ok(()))),
                    End::Panics => {
                        let panics = watchdog(LIMIT, run).unwrap().is_err();
                        assert!(panics, "{name}");
                    }
                    // Nobody drives it: shown for our `block_on`.
                    End::Hangs => (),
                }
            }
        }
    }
}
