//! What both servers share: their limits, and why a client leaves.

use std::fmt;
use std::io;
use std::time::Duration;

use super::lines::LineError;

// ANCHOR: limits
/// What a server allows.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at one time. Others wait in the queue of the kernel.
    pub clients: usize,
    /// Bytes of a line, without its end.
    pub line: usize,
    /// Lines that wait for one client.
    pub outbox: usize,
    /// How long a client may take for one line.
    pub idle: Duration,
    /// How long a client may take to read the rest, when it has to go.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            clients: 1000,
            line: 1024,
            outbox: 256,
            idle: Duration::from_secs(600),
            drain: Duration::from_secs(5),
        }
    }
}
// ANCHOR_END: limits

/// Why a client leaves. The text is the last line that the client gets.
#[derive(Debug)]
pub enum Why {
    /// The client has closed its connection, or its half of it.
    Ended,
    /// The client took too long for its line.
    Silent,
    /// The client sent what is no line.
    Line(LineError),
    /// The connection is broken.
    Broken(io::Error),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Ended => f.write_str("bye"),
            Why::Silent => f.write_str("you were silent for too long"),
            Why::Line(error) => write!(f, "{error}"),
            Why::Broken(error) => write!(f, "{error}"),
        }
    }
}

impl From<LineError> for Why {
    fn from(error: LineError) -> Why {
        Why::Line(error)
    }
}

impl From<io::Error> for Why {
    fn from(error: io::Error) -> Why {
        Why::Broken(error)
    }
}

/// How a server has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Clients that had not read the rest and closed in time: their tasks
    /// were aborted.
    pub aborted: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_told_in_one_line_why_it_leaves() {
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        let reasons = [
            (Why::Ended, "bye"),
            (Why::Silent, "you were silent for too long"),
            (LineError::NotUtf8.into(), "a line must be UTF-8"),
            (reset.into(), "connection reset"),
        ];
        for (why, text) in reasons {
            assert_eq!(why.to_string(), text);
        }
    }
}
