//! The program's tasks: how they start, are cancelled, and tell the event loop
//! what they have done, or why they failed.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::{fmt, io};

use tokio::runtime::Handle;
use tokio::task::{AbortHandle, JoinError, JoinSet};
use winit::event_loop::EventLoopProxy;

use super::load::Color;
use super::state::{Picture, State};
use crate::frame::setup::{Gpu, SetupError};

// ANCHOR: message
/// What comes through the proxy of the event loop.
pub enum Message {
    /// The GPU is open.
    Opened(Arc<State>),
    /// More colors of the palette have been read.
    Colors(Vec<Color>),
    /// The work `run` has refined its picture for so many rounds.
    Refined { run: u64, picture: Arc<Picture>, rounds: u32 },
    /// A task ended with an error or a panic, or the window or a GPU failed.
    Failed(Failure),
}
// ANCHOR_END: message

/// Why the program ends, unless the user ends it.
#[derive(thiserror::Error)]
pub enum Failure {
    /// There is no window, no GPU for it, or not any more.
    #[error("{0}")]
    Setup(#[from] SetupError),
    /// The palette did not arrive.
    #[error("no palette: {0}: {1}")]
    Palette(PathBuf, io::Error),
    /// The GPU of this number is lost, refused a command, or gave nothing back.
    #[error("the GPU: {}", .1.to_string().replace('\n', " "))]
    Gpu(u64, GpuError),
    /// A task panicked.
    #[error("a task failed: {0}")]
    Panicked(JoinError),
}

/// What wgpu says.
pub type GpuError = Box<dyn Error + Send + Sync>;

/// The same line: it is what `main` prints of an error that it returns.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// ANCHOR: lost
/// Makes messages of what goes wrong later with the GPU of this `number`.
/// Without the second call, an error that nothing catches would be a panic.
pub fn tell_of_errors(gpu: &Gpu, number: u64, proxy: EventLoopProxy<Message>) {
    let tell = move |why| {
        let _ = proxy.send_event(Message::Failed(Failure::Gpu(number, why)));
    };
    let lost = tell.clone();
    gpu.when_lost(move |why| lost(why.into()));
    gpu.device.on_uncaptured_error(Arc::new(move |why| tell(why.into())));
}
// ANCHOR_END: lost

/// What starts the tasks of the program.
pub struct Tasks {
    runtime: Handle,
    pub proxy: EventLoopProxy<Message>,
    /// One for each task that runs.
    reporters: JoinSet<()>,
}

/// A running task. Dropping this cancels it.
#[must_use = "dropping it cancels the task"]
pub struct Task(AbortHandle);

impl Tasks {
    pub fn new(runtime: Handle, proxy: EventLoopProxy<Message>) -> Tasks {
        Tasks { runtime, proxy, reporters: JoinSet::new() }
    }

    // ANCHOR: spawn
    /// Starts `work`. Its error is sent to the loop, and so is its panic.
    pub fn spawn(
        &mut self,
        work: impl Future<Output = Result<(), Failure>> + Send + 'static,
    ) -> Task {
        while self.reporters.try_join_next().is_some() {}
        let work = self.runtime.spawn(work);
        let task = Task(work.abort_handle());
        let proxy = self.proxy.clone();
        let report = async move {
            let why = match work.await {
                Ok(Ok(())) => return,
                Ok(Err(why)) => why,
                Err(why) if why.is_cancelled() => return,
                Err(panic) => Failure::Panicked(panic),
            };
            // An error says that the loop has ended: nobody waits any more.
            let _ = proxy.send_event(Message::Failed(why));
        };
        self.reporters.spawn_on(report, &self.runtime);
        task
    }
    // ANCHOR_END: spawn

    // ANCHOR: wait
    /// Waits for the tasks, which have been cancelled: one of them may be in a
    /// call of the driver, and a process that ends meanwhile may crash.
    pub fn wait(&mut self) {
        self.runtime.block_on(std::mem::take(&mut self.reporters).join_all());
    }
    // ANCHOR_END: wait
}

// ANCHOR: drop
impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
// ANCHOR_END: drop
