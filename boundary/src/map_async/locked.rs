//! A map future with a lock of its own, and a destructor that unmaps under
//! this lock: the callback runs inside `unmap`, and wants the lock too.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use wgpu::{Buffer, BufferAsyncError, MapMode};

// ANCHOR: types
/// A future of whether a buffer was mapped.
#[derive(Debug)]
pub struct Mapping {
    buffer: Buffer,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    result: Option<Result<(), BufferAsyncError>>,
    waker: Option<Waker>,
}

/// Asks at once that `buffer` be mapped for reading.
pub fn map(buffer: &Buffer) -> Mapping {
    let shared: Arc<Mutex<Shared>> = Arc::default();
    let its = shared.clone();
    buffer.map_async(MapMode::Read, .., move |result| {
        let mut shared = its.lock().expect("nobody panics");
        shared.result = Some(result);
        let waker = shared.waker.take();
        drop(shared);
        if let Some(waker) = waker {
            waker.wake();
        }
    });
    Mapping { buffer: buffer.clone(), shared }
}
// ANCHOR_END: types

impl Future for Mapping {
    type Output = Result<(), BufferAsyncError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let newest = cx.waker().clone();
        let mut shared = self.shared.lock().expect("nobody panics");
        if let Some(result) = shared.result.clone() {
            return Poll::Ready(result);
        }
        let old = shared.waker.replace(newest);
        drop(shared);
        drop(old);
        Poll::Pending
    }
}

// ANCHOR: drop
impl Drop for Mapping {
    /// Takes the request back, if it still waits.
    fn drop(&mut self) {
        let shared = self.shared.lock().expect("nobody panics");
        if shared.result.is_none() {
            self.buffer.unmap();
        }
    }
}
// ANCHOR_END: drop

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use listings::proof::watchdog;
    use wgpu::{BufferUsages, Device, PollType, Queue};

    use super::*;

    fn asked() -> (Device, Queue, Mapping) {
        let (device, queue) = Device::noop(&Default::default());
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: 16,
            usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mapping = map(&buffer);
        (device, queue, mapping)
    }

    #[test]
    fn it_works_as_long_as_nobody_drops_it_early() {
        let run = || {
            let (device, _queue, mapping) = asked();
            device.poll(PollType::Poll).expect("it is not lost");
            assert!(pollster::block_on(mapping).is_ok());
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(()));
    }

    #[test]
    fn dropped_early_it_hangs() {
        let limit = Duration::from_millis(200);
        let run = || {
            let (_device, _queue, mapping) = asked();
            drop(mapping);
        };
        assert!(watchdog(limit, run).is_err());
    }
}
