//! A guard that gives its connection back when it is dropped.

use std::ops::Deref;

use super::leaky::{Connection, Pool};

// ANCHOR: guard
/// A connection that goes back to its pool, however its job ends.
pub struct Guard<'a> {
    pool: &'a Pool,
    /// `None` only while it is dropped.
    connection: Option<Connection>,
}

/// Waits for a free connection. Cancel safe.
pub async fn take(pool: &Pool) -> Guard<'_> {
    let connection = Some(pool.take().await);
    Guard { pool, connection }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.pool.give_back(connection);
        }
    }
}
// ANCHOR_END: guard

impl Deref for Guard<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("it is not dropped yet")
    }
}

#[cfg(test)]
mod tests {
    use super::super::leaky::query;
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_job_that_fails_gives_its_connection_back() {
        let pool = Pool::of_two();
        let job = async {
            let connection = take(&pool).await;
            query(&connection, 2).await
        };
        assert!(job.await.is_err());
        assert_eq!(pool.idle(), 2);
    }
}
