//! Why the program ends, in one line.

use std::path::PathBuf;
use std::{error, fmt, io};

use tokio::task::JoinError;

use crate::frame::setup::SetupError;

/// Why the program ends, unless the user ends it.
pub enum Failure {
    /// The system gave the runtime no thread.
    Threads(io::Error),
    /// There is no window, no GPU for it, or not any more.
    Setup(SetupError),
    /// The palette did not arrive.
    Palette(PathBuf, io::Error),
    /// The GPU of this number refused a command, or gave nothing back.
    Gpu(u64, GpuError),
    /// A task panicked.
    Panicked(JoinError),
}

/// What wgpu says.
pub type GpuError = Box<dyn error::Error + Send + Sync>;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Threads(why) => write!(f, "no threads: {why}"),
            Failure::Setup(why) => write!(f, "{why}"),
            Failure::Palette(file, why) => {
                write!(f, "no palette: {}: {why}", file.display())
            }
            Failure::Gpu(_, why) => {
                write!(f, "the GPU: {}", why.to_string().replace('\n', " "))
            }
            Failure::Panicked(why) => write!(f, "a task failed: {why}"),
        }
    }
}

/// The same line: it is what `main` prints of an error that it returns.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl error::Error for Failure {}

impl<E: Into<SetupError>> From<E> for Failure {
    fn from(why: E) -> Self {
        Failure::Setup(why.into())
    }
}
