//! A thread that polls a device, and sleeps while the GPU has nothing to do
//! for it.

use std::io;
use std::sync::mpsc::{self, Sender};
use std::thread;

use listings::runtimes::executor::caught::catch;
use wgpu::{Buffer, Device, PollType, SubmissionIndex};

use super::mapping::{MapError, map};

// ANCHOR: poller
/// A thread that waits for submissions. It ends after the poller is dropped.
#[derive(Debug)]
pub struct Poller(Sender<SubmissionIndex>);

impl Poller {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(device: Device) -> io::Result<Poller> {
        let (sender, submissions) = mpsc::channel();
        let work = move || {
            // While there is no submission to wait for, the loop sleeps here.
            for index in submissions {
                let submission_index = Some(index);
                let wait = PollType::Wait { submission_index, timeout: None };
                // Neither a callback that panics nor the error of a lost
                // device may end the thread.
                let _ = catch(|| device.poll(wait));
            }
        };
        thread::Builder::new().name("poller".into()).spawn(work)?;
        Ok(Poller(sender))
    }

    /// Polls the device until the submission `index` is done. What waits for
    /// it has to be asked for before this call.
    pub fn watch(&self, index: SubmissionIndex) {
        // The thread listens as long as `self` lives.
        let _ = self.0.send(index);
    }
}
// ANCHOR_END: poller

// ANCHOR: read
/// The bytes of `buffer` once the submission `index`, which writes them, is
/// done.
///
/// # Errors
/// [`MapError`] when the buffer cannot be mapped.
pub async fn read(
    poller: &Poller,
    buffer: &Buffer,
    index: SubmissionIndex,
) -> Result<Vec<u8>, MapError> {
    let mapping = map(buffer);
    poller.watch(index);
    mapping.await?.bytes()
}
// ANCHOR_END: read

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::Context;
    use std::time::Duration;

    use listings::proof::hostile::{Guest, Moment, panics};
    use listings::proof::{Trace, check_trace, watchdog};
    use wgpu::{BufferUsages, Queue};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

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

    #[test]
    fn the_thread_polls_for_the_one_who_waits() {
        let run = || {
            let (device, queue, buffer) = noop();
            let poller = Poller::new(device).unwrap();
            for n in 1..=100 {
                queue.write_buffer(&buffer, 0, &[n; 16]);
                let index = queue.submit([]);
                let bytes = pollster::block_on(read(&poller, &buffer, index));
                assert_eq!(bytes.unwrap(), [n; 16]);
            }
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_waker_that_panics_does_not_end_the_thread() {
        let run = || {
            let (device, queue, buffer) = noop();
            let poller = Poller::new(device).unwrap();
            let (guest, index) = (Guest::new(), queue.submit([]));
            guest.next(Moment::Wake, panics);
            let mut mapping = map(&buffer);
            let waker = guest.waker();
            let mut cx = Context::from_waker(&waker);
            assert!(Pin::new(&mut mapping).poll(&mut cx).is_pending());
            poller.watch(index);
            while guest.wakes() == 0 {
                thread::yield_now();
            }
            drop(pollster::block_on(mapping));
            let index = queue.submit([]);
            pollster::block_on(read(&poller, &buffer, index)).is_ok()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn watch_before_map_is_too_early() {
        let (device, queue, buffer) = noop();
        let index = queue.submit([]);
        let wait =
            PollType::Wait { submission_index: Some(index), timeout: None };
        device.poll(wait).unwrap();
        let mapping = map(&buffer);
        let limit = Duration::from_millis(200);
        let hung = watchdog(limit, || pollster::block_on(mapping).is_ok());
        assert!(hung.is_err());
    }

    #[test]
    fn a_wait_for_an_idle_gpu_returns_at_once() {
        let run = || {
            let (device, _queue, _) = noop();
            for _ in 0..1000 {
                let wait = PollType::wait_indefinitely();
                let status = device.poll(wait).unwrap();
                assert_eq!(status, wgpu::PollStatus::QueueEmpty);
            }
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn the_thread_ends_with_its_poller() {
        let (device, ..) = noop();
        let (sender, submissions) = mpsc::channel::<SubmissionIndex>();
        let poller = Poller(sender);
        let ends = move || submissions.into_iter().count();
        drop((poller, device));
        assert_eq!(watchdog(LIMIT, ends), Ok(0));
    }

    #[test]
    fn the_callback_runs_on_the_thread_that_polls() {
        let trace = Trace::new(
            "The thread that polls runs the callback",
            "The task asks for the buffer to be mapped and awaits: the future \
             of the mapping is pending. The thread of the poller polls the \
             device, which runs the callback there. The callback sends the \
             result, which wakes the task. The task is polled again, and the \
             buffer is mapped.",
        );
        trace
            .participant("Runner", "Runner")
            .participant("Mapping", "Mapping")
            .participant("poller", "Poller thread");
        let recorded = trace.clone();
        let run = move || {
            let _runner = trace.act_as("Runner");
            let (device, queue, buffer) = noop();
            let index = queue.submit([]);
            let poller = Poller::new(device).unwrap();
            trace.note("Runner", "map_async");
            let mapping = trace.future("Mapping", map(&buffer));
            let watched = trace.clone();
            let waiter = thread::spawn(move || {
                watched.wait_for("Pending");
                watched.says("Runner", "poller", "watch(index)");
                poller.watch(index);
            });
            listings::wakers::block_on::flag::block_on(mapping).unwrap();
            waiter.join().unwrap();
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
        check_trace("boundary-map-async-poller", &recorded).unwrap();
    }
}
