//! A thread that polls a device, and sleeps while the GPU has nothing to do
//! for it.

use std::io;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use listings::runtimes::executor::caught::catch;
use wgpu::{Buffer, Device, PollType, SubmissionIndex};

use super::mapping::{MapError, map};

// ANCHOR: poller
/// A thread that waits for submissions. Dropping the poller waits for the
/// thread: a driver may crash when it works while the program ends.
#[derive(Debug)]
pub struct Poller {
    submissions: Option<Sender<SubmissionIndex>>,
    thread: Option<JoinHandle<()>>,
}

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
                // Neither a callback that panics nor wgpu's panic when the
                // device is lost may end the thread.
                if let Ok(Err(_)) = catch(|| device.poll(wait)) {
                    // No such submission: wait for all that there are.
                    let wait = PollType::wait_indefinitely();
                    let _ = catch(|| device.poll(wait));
                }
            }
        };
        let thread = thread::Builder::new().name("poller".into());
        let thread = Some(thread.spawn(work)?);
        Ok(Poller { submissions: Some(sender), thread })
    }

    /// Polls the device until its submission `index` is done. Ask for the
    /// buffers that wait for it before this call.
    ///
    /// An index is only a number. One of another device is taken for the
    /// submission of this device that has the same number, or for the latest.
    pub fn watch(&self, index: SubmissionIndex) {
        // The thread listens as long as `self` lives.
        let _ = self.submissions.as_ref().map(|all| all.send(index));
    }
}
// ANCHOR_END: poller

// ANCHOR: drop
impl Drop for Poller {
    fn drop(&mut self) {
        // The thread ends its last wait, and then its loop.
        self.submissions = None;
        let me = thread::current().id();
        // A callback on that thread may drop us: no thread waits for itself.
        if let Some(thread) = self.thread.take_if(|it| it.thread().id() != me) {
            let _ = thread.join();
        }
    }
}
// ANCHOR_END: drop

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
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
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
    fn an_index_of_another_device_is_taken_for_the_latest_submission() {
        let run = || {
            let (device, queue, buffer) = noop();
            let (_other_device, other_queue, _) = noop();
            let poller = Poller::new(device).unwrap();
            for n in 1..=10 {
                queue.write_buffer(&buffer, 0, &[n; 16]);
                queue.submit([]);
                for _ in 0..10 {
                    other_queue.submit([]);
                }
                let index = other_queue.submit([]);
                let bytes = pollster::block_on(read(&poller, &buffer, index));
                assert_eq!(bytes.unwrap(), [n; 16]);
            }
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
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

    /// A poller, and a mapping whose waker does `deed` on the poller's thread.
    fn mapped(
        deed: impl FnOnce() + Send + 'static,
    ) -> (Poller, SubmissionIndex, impl Sized) {
        let (device, queue, buffer) = noop();
        let poller = Poller::new(device).unwrap();
        let (guest, index) = (Guest::new(), queue.submit([]));
        guest.next(Moment::Wake, deed);
        let mut mapping = map(&buffer);
        let waker = guest.waker();
        let mut cx = Context::from_waker(&waker);
        assert!(Pin::new(&mut mapping).poll(&mut cx).is_pending());
        (poller, index, (mapping, buffer, queue))
    }

    #[test]
    fn dropping_the_poller_waits_for_its_thread() {
        let run = || {
            let (sender, dropping) = mpsc::channel();
            let worked = Arc::new(AtomicBool::new(false));
            let works = worked.clone();
            let (poller, index, _kept) = mapped(move || {
                dropping.recv().unwrap();
                (0..1000).for_each(|_| thread::yield_now());
                works.store(true, Ordering::SeqCst);
            });
            poller.watch(index);
            sender.send(()).unwrap();
            drop(poller);
            worked.load(Ordering::SeqCst)
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn a_callback_may_drop_the_poller() {
        let run = || {
            let (sender, own) = mpsc::channel::<Poller>();
            let (says, dropped) = mpsc::channel();
            let (poller, index, _kept) = mapped(move || {
                drop(own.recv().unwrap());
                says.send(()).unwrap();
            });
            poller.watch(index);
            sender.send(poller).unwrap();
            dropped.recv()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Ok(())));
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
