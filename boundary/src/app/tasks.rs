//! The program's tasks: how they start, come back, and are cancelled.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::{AbortHandle, JoinSet};
use winit::event_loop::EventLoopProxy;

use super::failure::Failure;
use super::load::Color;
use super::state::State;
use crate::frame::setup::Gpu;

// ANCHOR: message
/// What the tasks tell the event loop.
#[derive(Debug)]
pub enum Message {
    /// The GPU is open.
    Opened(Arc<State>),
    /// More colors of the palette have been read.
    Colors(Vec<Color>),
    /// The picture `run` has had `rounds` rounds, of `of` in all.
    Refined { run: u64, rounds: u32, of: u32 },
    /// A device is lost, maybe one that is not used any more.
    Lost,
    /// A task ended with an error, or with a panic.
    Failed(Failure),
}

/// Tells the event loop, and wakes it.
#[derive(Debug, Clone)]
pub struct Outbox(EventLoopProxy<Message>);

impl Outbox {
    pub fn send(&self, message: Message) {
        // An error says that the loop has ended: nobody waits any more.
        let _ = self.0.send_event(message);
    }
}
// ANCHOR_END: message

/// The runtime of the program.
#[derive(Debug)]
pub struct Tasks {
    runtime: Runtime,
    outbox: Outbox,
    /// One for each task that runs.
    reporters: JoinSet<()>,
}

/// A running task. Dropping this cancels it.
#[derive(Debug)]
#[must_use = "dropping it cancels the task"]
pub struct Task(AbortHandle);

impl Tasks {
    /// # Errors
    /// When the system gives no thread.
    pub fn new(proxy: EventLoopProxy<Message>) -> io::Result<Tasks> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let (outbox, reporters) = (Outbox(proxy), JoinSet::new());
        Ok(Tasks { runtime, outbox, reporters })
    }

    pub fn outbox(&self) -> Outbox {
        self.outbox.clone()
    }

    // ANCHOR: spawn
    /// Starts `work`. Its result is sent to the loop, and so is its panic.
    pub fn spawn(
        &mut self,
        work: impl Future<Output = Result<Message, Failure>> + Send + 'static,
    ) -> Task {
        while self.reporters.try_join_next().is_some() {}
        let task = self.runtime.spawn(work);
        let handle = task.abort_handle();
        let outbox = self.outbox();
        let report = async move {
            outbox.send(match task.await {
                Ok(Ok(message)) => message,
                Ok(Err(why)) => Message::Failed(why),
                Err(why) if why.is_cancelled() => return,
                Err(panic) => Message::Failed(Failure::Panicked(panic)),
            });
        };
        self.reporters.spawn_on(report, self.runtime.handle());
        Task(handle)
    }
    // ANCHOR_END: spawn

    // ANCHOR: end
    /// Waits for the tasks, which have been cancelled: one of them may be in a
    /// call of the driver, and a process that ends meanwhile may crash.
    /// A file is not waited for: to open a pipe may take for ever.
    pub fn end(mut self, gpu: Option<&Gpu>) {
        let reporters = &mut self.reporters;
        self.runtime
            .block_on(async { while reporters.join_next().await.is_some() {} });
        // Now nobody hands work to the GPU, and a thread that polls it
        // returns when this poll does.
        let _ = gpu.map(Gpu::check);
        self.runtime.shutdown_timeout(Duration::from_secs(1));
    }
    // ANCHOR_END: end
}

// ANCHOR: drop
impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
// ANCHOR_END: drop
