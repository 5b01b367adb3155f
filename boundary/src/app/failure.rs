//! Why the program ends, in one line.

use std::path::PathBuf;
use std::{error, fmt, io};

use tokio::task::JoinError;

use super::load::PaletteError;
use crate::frame::setup::SetupError;
use crate::map_async::mapping::MapError;

/// Why the program ends, unless the user ends it.
pub enum Failure {
    /// The system gave the runtime no thread.
    Threads(io::Error),
    /// There is no window, no GPU for it, or not any more.
    Setup(SetupError),
    /// The palette did not arrive.
    Palette(PathBuf, PaletteError),
    /// The GPU refused a command.
    Gpu(wgpu::Error),
    /// The GPU does not end its work.
    Poll(wgpu::PollError),
    /// What the GPU made does not come back.
    Read(MapError),
    /// A task panicked.
    Panicked(JoinError),
}

impl Failure {
    /// Whether a device that is lost may be the reason.
    pub fn is_of_gpu(&self) -> bool {
        matches!(self, Failure::Gpu(_) | Failure::Poll(_) | Failure::Read(_))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Threads(why) => write!(f, "no threads: {why}"),
            Failure::Setup(why) => write!(f, "{why}"),
            Failure::Palette(file, why) => {
                write!(f, "no palette: {}: {why}", file.display())
            }
            Failure::Gpu(why) => {
                write!(f, "the GPU: {}", why.to_string().replace('\n', " "))
            }
            Failure::Poll(why) => write!(f, "the GPU does not end: {why}"),
            Failure::Read(why) => write!(f, "the GPU gives nothing: {why}"),
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
