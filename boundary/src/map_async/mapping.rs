//! A request to map a buffer that is taken back when its future is dropped.

use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use listings::runtimes::executor::caught::catch;
use listings::wakers::oneshot::closed::{Receiver, channel};
use wgpu::{Buffer, BufferUsages, COPY_BUFFER_ALIGNMENT, MapMode};

pub use super::callback::MapError;

// ANCHOR: types
/// A future of a buffer that the program may read. Dropped before it is ready,
/// it takes the request back.
#[derive(Debug)]
#[must_use = "dropping it takes the request back"]
pub struct Mapping {
    result: Receiver<Result<(), MapError>>,
    /// `None` when there is nothing to take back.
    buffer: Option<Buffer>,
}

/// A buffer that the program may read. The GPU may use it again once this is
/// dropped.
#[derive(Debug)]
pub struct Mapped(Buffer);

/// Asks at once that `buffer` be mapped for reading. Somebody has to poll the
/// device.
///
/// # Panics
/// wgpu panics by default when `buffer` was destroyed before.
pub fn map(buffer: &Buffer) -> Mapping {
    let (sender, result) = channel();
    if is_fit(buffer) {
        buffer.map_async(MapMode::Read, .., move |result| {
            let _ = sender.send(result.map_err(MapError::Refused));
        });
    } else {
        let _ = sender.send(Err(MapError::Unfit));
    }
    Mapping { result, buffer: Some(buffer.clone()) }
}

/// Whether wgpu maps such a buffer. If not, it would panic by default.
fn is_fit(buffer: &Buffer) -> bool {
    buffer.usage().contains(BufferUsages::MAP_READ)
        && buffer.size().is_multiple_of(COPY_BUFFER_ALIGNMENT)
}
// ANCHOR_END: types

// ANCHOR: poll
impl Future for Mapping {
    type Output = Result<Mapped, MapError>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        let result = ready!(Pin::new(&mut self.result).poll(cx));
        let buffer = self.buffer.take();
        Poll::Ready(match (result, buffer) {
            (Ok(Ok(())), Some(buffer)) => Ok(Mapped(buffer)),
            (Ok(Err(why)), _) => Err(why),
            (_, buffer) => {
                // Perhaps it is mapped, and only the callback was lost.
                drop(buffer.map(Mapped));
                Err(MapError::Forgotten)
            }
        })
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        let mut poll = || {
            let mut cx = Context::from_waker(Waker::noop());
            Pin::new(&mut self.result).poll(&mut cx)
        };
        // It drops the waker that is kept, and this drop may panic.
        let result = catch(&mut poll).unwrap_or_else(|_| poll());
        match (result, self.buffer.take()) {
            (Poll::Pending, Some(buffer)) => buffer.unmap(),
            (Poll::Ready(Ok(Ok(())) | Err(_)), Some(buffer)) => {
                drop(Mapped(buffer));
            }
            // A request that was refused has mapped nothing, and the buffer
            // may be mapped for somebody else.
            _ => {}
        }
    }
}
// ANCHOR_END: poll

// ANCHOR: mapped
impl Mapped {
    /// A copy of the bytes.
    ///
    /// # Errors
    /// [`MapError::Range`] when wgpu does not give them.
    pub fn bytes(&self) -> Result<Vec<u8>, MapError> {
        let view = self.0.get_mapped_range(..).map_err(MapError::Range)?;
        Ok(view.to_vec())
    }
}

impl Drop for Mapped {
    fn drop(&mut self) {
        // If somebody else has unmapped it, wgpu would panic by default.
        if self.0.get_mapped_range(..).is_ok() {
            self.0.unmap();
        }
    }
}
// ANCHOR_END: mapped

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use listings::proof::hostile::{Guest, Moment, caught, panics};
    use listings::proof::watchdog;
    use wgpu::{BufferUsages, Device, PollType, Queue};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    /// A device that computes nothing, on any machine, and a buffer of it.
    fn noop() -> (Device, Queue, Buffer) {
        let (device, queue) = Device::noop(&Default::default());
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: 16,
            usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        (device, queue, buffer)
    }

    fn poll(
        mapping: &mut Mapping,
        waker: &Waker,
    ) -> Poll<Result<Mapped, MapError>> {
        Pin::new(mapping).poll(&mut Context::from_waker(waker))
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
    fn a_buffer_is_mapped_and_unmapped_again_and_again() {
        let (device, _queue, buffer) = noop();
        for _ in 0..3 {
            let mapping = map(&buffer);
            device.poll(PollType::Poll).unwrap();
            let mapped = now(mapping).unwrap();
            assert_eq!(mapped.bytes().unwrap(), [0; 16]);
            assert_eq!(mapped.bytes().unwrap(), [0; 16]);
        }
    }

    #[test]
    fn a_request_that_is_dropped_is_taken_back() {
        let (device, queue, buffer) = noop();
        drop(map(&buffer));
        let early = map(&buffer);
        device.poll(PollType::Poll).unwrap();
        drop(early);
        queue.write_buffer(&buffer, 0, &[7; 16]);
        let mapping = map(&buffer);
        device.poll(PollType::wait_indefinitely()).unwrap();
        let mapped = now(mapping).unwrap();
        assert_eq!(mapped.bytes().unwrap(), [7; 16]);
    }

    #[test]
    fn a_second_request_is_refused_and_harms_the_first_in_no_way() {
        let (device, _queue, buffer) = noop();
        // By default wgpu panics over a wrong `unmap`, and a panic in a
        // destructor could end the process before this test has its verdict.
        device.on_uncaptured_error(Arc::new(|_| {}));
        let first = map(&buffer);
        drop(map(&buffer));
        let second = now(map(&buffer));
        assert!(matches!(second, Err(MapError::Refused(_))));
        device.poll(PollType::Poll).unwrap();
        let mapped = now(first).unwrap();
        drop(map(&buffer));
        assert!(mapped.bytes().is_ok());
    }

    #[test]
    fn a_buffer_that_is_not_fit_is_an_error_and_no_panic() {
        let (device, _queue, _) = noop();
        let unfit =
            [(16, BufferUsages::COPY_DST), (15, BufferUsages::MAP_READ)];
        for (size, usage) in unfit {
            let buffer = device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size,
                usage,
                mapped_at_creation: false,
            });
            drop(map(&buffer));
            assert!(matches!(now(map(&buffer)), Err(MapError::Unfit)));
        }
    }

    #[test]
    fn an_empty_buffer_is_mapped_and_has_no_bytes() {
        let (device, _queue, _) = noop();
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: 0,
            usage: BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        let mapping = map(&buffer);
        device.poll(PollType::Poll).unwrap();
        assert_eq!(now(mapping).unwrap().bytes().unwrap(), []);
    }

    #[test]
    fn a_buffer_that_somebody_else_unmaps_is_an_error_and_no_panic() {
        let (device, _queue, buffer) = noop();
        let waits = map(&buffer);
        buffer.unmap();
        assert!(matches!(now(waits), Err(MapError::Refused(_))));
        let there = map(&buffer);
        device.poll(PollType::Poll).unwrap();
        buffer.unmap();
        drop(there);
        let mapping = map(&buffer);
        device.poll(PollType::Poll).unwrap();
        let mapped = now(mapping).unwrap();
        buffer.unmap();
        assert!(matches!(mapped.bytes(), Err(MapError::Range(_))));
        drop(mapped);
        let again = map(&buffer);
        device.poll(PollType::Poll).unwrap();
        assert!(now(again).unwrap().bytes().is_ok());
    }

    #[test]
    fn a_buffer_that_is_destroyed_while_it_is_mapped_is_an_error() {
        let (device, _queue, buffer) = noop();
        let mapping = map(&buffer);
        device.poll(PollType::Poll).unwrap();
        let mapped = now(mapping).unwrap();
        buffer.destroy();
        assert!(matches!(mapped.bytes(), Err(MapError::Range(_))));
        drop(mapped);
        assert!(matches!(now(map(&buffer)), Err(MapError::Refused(_))));
    }

    #[test]
    fn a_buffer_that_is_destroyed_before_is_an_error_of_the_device() {
        let destroyed = || {
            let (device, queue, buffer) = noop();
            buffer.destroy();
            (device, queue, buffer)
        };
        let (_device, _queue, buffer) = destroyed();
        assert!(caught(|| drop(map(&buffer))).is_err());
        let (device, _queue, buffer) = destroyed();
        let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
        assert!(matches!(now(map(&buffer)), Err(MapError::Refused(_))));
        assert!(now(scope.pop()).is_some());
    }

    #[test]
    fn a_buffer_that_is_destroyed_while_its_request_waits_is_an_error() {
        let (_device, _queue, buffer) = noop();
        let waits = map(&buffer);
        buffer.destroy();
        assert!(matches!(now(waits), Err(MapError::Refused(_))));
        let (_device, _queue, buffer) = noop();
        let waits = map(&buffer);
        buffer.destroy();
        drop(waits);
    }

    #[test]
    fn the_waker_is_woken_by_whoever_polls_the_device() {
        let (device, _queue, buffer) = noop();
        let guest = Guest::new();
        let mut mapping = map(&buffer);
        assert!(poll(&mut mapping, &guest.waker()).is_pending());
        assert_eq!(guest.wakes(), 0);
        device.poll(PollType::Poll).unwrap();
        assert_eq!((guest.wakes(), guest.handles()), (1, 0));
        assert!(poll(&mut mapping, Waker::noop()).is_ready());
    }

    #[test]
    fn a_mapping_that_is_dropped_forgets_its_waker() {
        let (_device, _queue, buffer) = noop();
        let guest = Guest::new();
        let mut mapping = map(&buffer);
        assert!(poll(&mut mapping, &guest.waker()).is_pending());
        drop(mapping);
        assert_eq!((guest.wakes(), guest.handles()), (0, 0));
    }

    #[test]
    fn a_waker_may_drop_the_mapping() {
        let run = || {
            let (device, _queue, buffer) = noop();
            let guest = Guest::new();
            let mapping = Arc::new(Mutex::new(Some(map(&buffer))));
            let place = mapping.clone();
            guest.next(Moment::Wake, move || {
                let mapping = place.lock().unwrap().take();
                drop(mapping);
            });
            let waker = guest.waker();
            let first = poll(mapping.lock().unwrap().as_mut().unwrap(), &waker);
            assert!(first.is_pending());
            device.poll(PollType::Poll).unwrap();
            assert!(mapping.lock().unwrap().is_none());
            let again = map(&buffer);
            device.poll(PollType::Poll).unwrap();
            assert!(now(again).is_ok());
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_waker_that_panics_panics_in_the_poll_of_the_device() {
        let (device, _queue, buffer) = noop();
        let guest = Guest::new();
        let mut mapping = map(&buffer);
        guest.next(Moment::Wake, panics);
        assert!(poll(&mut mapping, &guest.waker()).is_pending());
        assert!(caught(|| device.poll(PollType::Poll)).is_err());
        assert!(now(mapping).is_ok());
    }

    #[test]
    fn a_callback_that_panics_leaves_no_other_buffer_mapped() {
        let (device, _queue, first) = noop();
        let buffers = [(); 2].map(|()| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size: 16,
                usage: BufferUsages::MAP_READ,
                mapped_at_creation: false,
            })
        });
        let guest = Guest::new();
        guest.next(Moment::Wake, panics);
        let mut bad = map(&first);
        assert!(poll(&mut bad, &guest.waker()).is_pending());
        // Their callbacks are to run after it, in the same poll.
        let [awaited, unseen] = buffers.each_ref().map(map);
        assert!(caught(|| device.poll(PollType::Poll)).is_err());
        assert!(matches!(now(awaited), Err(MapError::Forgotten)));
        drop(unseen);
        let again = buffers.each_ref().map(map);
        device.poll(PollType::Poll).unwrap();
        for mapping in again {
            assert!(now(mapping).is_ok());
        }
    }

    #[test]
    fn a_waker_that_panics_when_it_is_dropped_keeps_no_request() {
        let (device, _queue, buffer) = noop();
        let guest = Guest::new();
        let mut mapping = map(&buffer);
        assert!(poll(&mut mapping, &guest.waker()).is_pending());
        guest.next(Moment::Drop, panics);
        let _ = caught(|| drop(mapping));
        assert_eq!((guest.deeds_left(), guest.handles()), (0, 0));
        let again = map(&buffer);
        device.poll(PollType::Poll).unwrap();
        assert!(now(again).is_ok());
    }
}
