//! The two directions of a connection, each with one owner.

use std::io;
use std::net::Shutdown;
use std::sync::Arc;

use super::net::TcpStream;

// ANCHOR: split
/// The half of a connection that reads.
#[derive(Debug)]
pub struct ReadHalf(Arc<TcpStream>);

/// The half of a connection that writes. Dropped, it tells the other end
/// that no more will come.
#[derive(Debug)]
pub struct WriteHalf(Arc<TcpStream>);

impl TcpStream {
    /// Two halves, for a task that reads and a task that writes. The
    /// connection is closed when both are dropped.
    pub fn split(self) -> (ReadHalf, WriteHalf) {
        let stream = Arc::new(self);
        (ReadHalf(stream.clone()), WriteHalf(stream))
    }
}

impl ReadHalf {
    /// Reads like [`TcpStream::read`].
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).await
    }
}
// ANCHOR_END: split

impl WriteHalf {
    /// Writes like [`TcpStream::write_all`].
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes).await
    }
}

impl Drop for WriteHalf {
    fn drop(&mut self) {
        // An error means that the connection is broken, so the end is known.
        let _ = self.0.shutdown(Shutdown::Write);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::net::pair;
    use super::super::runtime::Runtime;
    use crate::proof::watchdog;

    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn one_task_reads_while_another_writes() {
        let run = || {
            let runtime = Runtime::new().unwrap();
            let (here, there) = pair(runtime.reactor()).unwrap();
            let (mut reads, mut writes) = here.split();
            let reader = runtime.spawn(async move {
                let mut buffer = [0; 8];
                let bytes = reads.read(&mut buffer).await.unwrap();
                (bytes, reads.read(&mut buffer).await.unwrap())
            });
            let writer = runtime.spawn(async move {
                writes.write_all(b"hello").await.unwrap();
            });
            runtime.block_on(writer).unwrap();
            let mut buffer = [0; 8];
            let read = runtime.block_on(there.read(&mut buffer)).unwrap();
            let end = runtime.block_on(there.read(&mut buffer)).unwrap();
            assert_eq!((read, end), (5, 0), "the writer is gone");
            runtime.block_on(there.write_all(b"bye")).unwrap();
            drop(there);
            runtime.block_on(reader).unwrap()
        };
        assert_eq!(watchdog(LIMIT, run), Ok((3, 0)));
    }
}
