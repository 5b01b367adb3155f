//! A callback becomes a future: the callback sends, and the future receives.

use std::{error, fmt};

use listings::wakers::oneshot::closed::channel;
use wgpu::{Buffer, BufferAsyncError, MapMode};

// ANCHOR: map
/// Asks at once that `buffer` be mapped for reading. The future is ready when
/// the callback has run, so somebody has to poll the device.
///
/// # Panics
/// wgpu panics by default when `buffer` has no `MAP_READ`.
pub fn map(buffer: &Buffer) -> impl Future<Output = Result<(), MapError>> {
    let (sender, mapped) = channel();
    buffer.map_async(MapMode::Read, .., move |result| {
        // An error says that nobody waits any more.
        let _ = sender.send(result);
    });
    async move {
        match mapped.await {
            Ok(result) => result.map_err(MapError::Refused),
            Err(_) => Err(MapError::Forgotten),
        }
    }
}
// ANCHOR_END: map

/// Why a buffer cannot be read.
#[derive(Debug)]
pub enum MapError {
    /// It was made without `MAP_READ`, or its size is no multiple of 4.
    Unfit,
    /// It is mapped already, was unmapped meanwhile, or its device is lost.
    Refused(BufferAsyncError),
    /// The callback was dropped and never called.
    Forgotten,
    /// It is mapped, but wgpu does not give its bytes.
    Range(wgpu::MapRangeError),
}

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MapError::Unfit => f.write_str(
                "the buffer has no MAP_READ, or a size that is no multiple of 4",
            ),
            MapError::Refused(why) => write!(f, "the buffer: {why}"),
            MapError::Forgotten => f.write_str("the callback was dropped"),
            MapError::Range(why) => write!(f, "the bytes: {why}"),
        }
    }
}

impl error::Error for MapError {}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use listings::proof::hostile::caught;
    use wgpu::{BufferUsages, Device, PollType, Queue};

    use super::super::squares::buffer as sized;
    use super::*;

    fn buffer(device: &Device, usage: BufferUsages) -> Buffer {
        sized(device, 16, usage)
    }

    /// A device that computes nothing, on any machine, and a buffer of it.
    fn noop() -> (Device, Queue, Buffer) {
        let (device, queue) = Device::noop(&Default::default());
        let buffer = buffer(&device, BufferUsages::MAP_READ);
        (device, queue, buffer)
    }

    /// The output of `future`, which is ready by now.
    fn now<F: Future>(future: F) -> F::Output {
        let mut cx = Context::from_waker(Waker::noop());
        match pin!(future).poll(&mut cx) {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("it still waits"),
        }
    }

    #[test]
    fn it_is_ready_after_somebody_has_polled_the_device() {
        let (device, _queue, buffer) = noop();
        let mut mapped = pin!(map(&buffer));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(mapped.as_mut().poll(&mut cx).is_pending());
        assert!(mapped.as_mut().poll(&mut cx).is_pending());
        device.poll(PollType::Poll).unwrap();
        assert!(mapped.as_mut().poll(&mut cx).is_ready());
    }

    #[test]
    fn the_request_is_made_by_the_call() {
        let (device, _queue, buffer) = noop();
        let mapped = map(&buffer);
        device.poll(PollType::Poll).unwrap();
        assert!(now(mapped).is_ok());
    }

    #[test]
    fn an_empty_submit_polls_the_device_too() {
        let (_device, queue, buffer) = noop();
        let mapped = map(&buffer);
        queue.submit([]);
        assert!(now(mapped).is_ok());
    }

    #[test]
    fn without_map_read_wgpu_panics_by_default() {
        let (device, _queue, _) = noop();
        let storage = buffer(&device, BufferUsages::STORAGE);
        assert!(caught(|| drop(map(&storage))).is_err());
    }

    #[test]
    fn a_second_request_is_refused_at_once() {
        let (device, _queue, buffer) = noop();
        let first = map(&buffer);
        let second = now(map(&buffer));
        assert!(matches!(second, Err(MapError::Refused(_))));
        device.poll(PollType::Poll).unwrap();
        assert!(now(first).is_ok());
    }

    #[test]
    fn unmap_refuses_the_request_that_waits() {
        let (_device, _queue, buffer) = noop();
        let mapped = map(&buffer);
        buffer.unmap();
        let result = now(mapped);
        assert!(matches!(result, Err(MapError::Refused(_))));
    }

    #[test]
    fn a_future_that_is_dropped_leaves_the_request() {
        let (device, _queue, buffer) = noop();
        drop(map(&buffer));
        device.poll(PollType::Poll).unwrap();
        let again = now(map(&buffer));
        assert!(matches!(again, Err(MapError::Refused(_))));
    }
}
