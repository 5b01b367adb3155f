//! A pool of connections, and a job that loses its connection when it fails.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

// ANCHOR: pool
/// A connection to a database. (Here it is only a number.)
#[derive(Debug, PartialEq, Eq)]
pub struct Connection(u32);

/// Connections that nobody uses now, and a permit for each.
pub struct Pool {
    permits: Semaphore,
    free: Mutex<Vec<Connection>>,
}

impl Pool {
    /// Waits for a free connection. Cancel safe.
    pub async fn take(&self) -> Connection {
        let permit = self.permits.acquire().await;
        // The permit comes back with the connection.
        permit.expect("nobody closes the semaphore").forget();
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.pop().expect("a permit stands for a free connection")
    }

    pub fn give_back(&self, connection: Connection) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.push(connection);
        drop(free);
        self.permits.add_permits(1);
    }
}
// ANCHOR_END: pool

impl Pool {
    /// A pool of two connections.
    pub fn of_two() -> Pool {
        let free = Mutex::new(vec![Connection(1), Connection(2)]);
        Pool { permits: Semaphore::new(2), free }
    }

    /// How many connections nobody uses.
    pub fn idle(&self) -> usize {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// The database refused a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryFailed;

impl fmt::Display for QueryFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the query failed")
    }
}

impl std::error::Error for QueryFailed {}

/// A query takes a second. Those of the jobs 2 and 3 fail.
pub async fn query(_: &Connection, job: u32) -> Result<(), QueryFailed> {
    sleep(Duration::from_secs(1)).await;
    if job == 2 || job == 3 { Err(QueryFailed) } else { Ok(()) }
}

// ANCHOR: worker
/// Does the next of the six jobs until all are taken, and prints each end.
pub async fn worker(
    job: impl AsyncFn(&Pool, u32) -> Result<(), QueryFailed>,
    pool: Arc<Pool>,
    next: Arc<AtomicU32>,
) {
    let start = Instant::now();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number > 6 {
            return;
        }
        let end = job(&pool, number).await;
        println!("{:?}: job {number} ended: {end:?}", start.elapsed());
    }
}
// ANCHOR_END: worker

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;
    use crate::futures::combinators::once::poll_once;

    #[tokio::test]
    async fn a_connection_that_comes_back_serves_the_next() {
        let pool = Pool::of_two();
        let (one, _two) = (pool.take().await, pool.take().await);
        let mut third = pin!(pool.take());
        assert!(poll_once(&mut third).await.is_pending());
        pool.give_back(one);
        let _third = third.await;
        assert_eq!(pool.idle(), 0);
    }

    #[tokio::test]
    async fn a_wait_that_is_dropped_takes_no_connection() {
        let pool = Pool::of_two();
        let (one, two) = (pool.take().await, pool.take().await);
        {
            let mut third = pin!(pool.take());
            assert!(poll_once(&mut third).await.is_pending());
            pool.give_back(one);
        }
        pool.give_back(two);
        assert_eq!(pool.idle(), 2);
        pool.take().await;
    }
}
