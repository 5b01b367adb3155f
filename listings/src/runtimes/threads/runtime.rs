//! The pool with the reactor and the timers of the last chapters: one of its
//! workers sleeps there.

use std::fmt;
use std::io;
use std::task::Waker;
use std::time::Duration;

use super::idle::Driver;
use super::join::JoinHandle;
use super::pool::{Pool, Spawner};
use crate::runtimes::reactor::Reactor;
use crate::runtimes::timers::Timers;
use crate::runtimes::timers::clock::Clock;
use crate::runtimes::timers::runtime::GRAIN;

// ANCHOR: driver
/// Sockets and deadlines, as the pool sees them.
struct Machine {
    reactor: Reactor,
    timers: Timers,
    /// Ends a wait in the reactor, or the next one.
    alarm: Waker,
}

impl Driver for Machine {
    fn turn(&self, limit: Option<Duration>) {
        let first = self.timers.first();
        let nap = first.map(|first| GRAIN.max(first - self.timers.now()));
        let limit = nap.into_iter().chain(limit).min();
        self.reactor.wait(limit).expect("the system can wait");
        self.timers.fire();
    }

    fn interrupt(&self) {
        self.alarm.wake_by_ref();
    }
}
// ANCHOR_END: driver

/// Runs tasks, sockets and timers on several threads.
pub struct Runtime {
    pool: Pool,
    reactor: Reactor,
    timers: Timers,
}

impl Runtime {
    /// A runtime with this many workers.
    ///
    /// # Errors
    /// When the system has no more descriptors for the reactor.
    ///
    /// # Panics
    /// When `workers` is zero, or the system has no thread left.
    pub fn new(workers: usize) -> io::Result<Runtime> {
        let reactor = Reactor::new()?;
        let timers = Timers::new(Clock::Real, reactor.waker());
        let machine = Machine {
            alarm: reactor.waker(),
            reactor: reactor.clone(),
            timers: timers.clone(),
        };
        let pool = Pool::with_driver(workers, machine);
        Ok(Runtime { pool, reactor, timers })
    }
}

impl Runtime {
    /// Runs `future` on this thread, and the tasks on those of the pool.
    ///
    /// # Panics
    /// When `future` panics.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.pool.run(future)
    }

    /// Makes `future` a task, which any worker may poll.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.pool.spawn(future)
    }

    /// A handle with which tasks spawn tasks.
    pub fn spawner(&self) -> Spawner {
        self.pool.spawner()
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
    use std::net::{Ipv4Addr, SocketAddr};

    use super::*;
    use crate::proof::watchdog;
    use crate::runtimes::reactor::{TcpListener, TcpStream};

    const LIMIT: Duration = Duration::from_secs(60);

    #[test]
    fn sleeps_end_while_one_worker_waits_and_while_all_are_busy() {
        let run = || {
            let runtime = Runtime::new(2).unwrap();
            let timers = runtime.timers().clone();
            for _ in 0..10 {
                let tasks: Vec<_> = (1..=20)
                    .map(|n| {
                        let sleep = timers.sleep(Duration::from_micros(n * 50));
                        runtime.spawn(sleep)
                    })
                    .collect();
                for task in tasks {
                    assert_eq!(runtime.block_on(task), Ok(()));
                }
            }
            assert_eq!(timers.waiting(), 0);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    /// Echoes what `clients` write, each `rounds` times.
    fn echo(workers: usize, clients: u8, rounds: u32) {
        let runtime = Runtime::new(workers).unwrap();
        let reactor = runtime.reactor().clone();
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(any, &reactor).unwrap();
        let address = listener.local_addr().unwrap();
        let spawner = runtime.spawner();
        let server = runtime.spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                drop(spawner.spawn(async move {
                    let mut buffer = [0; 64];
                    loop {
                        match stream.read(&mut buffer).await {
                            Ok(0) | Err(_) => return,
                            Ok(n) => {
                                stream.write_all(&buffer[..n]).await.unwrap()
                            }
                        }
                    }
                }));
            }
        });
        let clients: Vec<_> = (0..clients)
            .map(|client| {
                let reactor = reactor.clone();
                runtime.spawn(async move {
                    let stream =
                        TcpStream::connect(address, &reactor).await.unwrap();
                    for _ in 0..rounds {
                        stream.write_all(&[client]).await.unwrap();
                        let mut buffer = [0];
                        assert_eq!(stream.read(&mut buffer).await.unwrap(), 1);
                        assert_eq!(buffer, [client]);
                    }
                })
            })
            .collect();
        for client in clients {
            assert_eq!(runtime.block_on(client), Ok(()));
        }
        server.abort();
        assert!(runtime.block_on(server).is_err());
        drop(runtime);
        assert_eq!(reactor.sources(), 0);
    }

    #[test]
    fn sockets_are_read_and_written_by_tasks_of_several_workers() {
        assert_eq!(watchdog(LIMIT, || echo(1, 5, 50)), Ok(()));
        assert_eq!(watchdog(LIMIT, || echo(3, 20, 50)), Ok(()));
    }
}
