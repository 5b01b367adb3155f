//! One mistake in the book, with the place to mend it.

use std::fmt;
use std::path::{Path, PathBuf};

/// A mistake: where it is, what it is and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the book's root.
    pub file: PathBuf,
    /// The line, counted from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl Problem {
    /// A mistake in `line` of `file`.
    pub fn new(file: impl AsRef<Path>, line: usize, message: impl Into<String>) -> Problem {
        Problem { file: file.as_ref().to_path_buf(), line, message: message.into() }
    }
}

impl std::error::Error for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Fails with all that is wrong, a line each, if anything is.
///
/// # Errors
/// Those.
pub fn none_of<T: fmt::Display>(wrong: &[T]) -> anyhow::Result<()> {
    let lines: Vec<String> = wrong.iter().map(T::to_string).collect();
    anyhow::ensure!(lines.is_empty(), "{}", lines.join("\n"));
    Ok(())
}
