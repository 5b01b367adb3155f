//! The table of the page: each cell is tried.

use super::matrix::End::{self, Hangs, Panics, Works};
use super::matrix::Place::{self, Bare, Compat, Entered, Idle, Ours, Smol};
use super::matrix::{Op, ops, prove};

/// The columns.
pub const PLACES: [Place; 7] =
    [Place::Tokio, Smol, Ours, Bare, Entered, Idle, Compat];

/// The rows: an operation, and how it ends in each of the places.
pub const ROWS: [(&str, Op, [End; 7]); 11] = [
    ("tokio::time::sleep", ops::tokio_sleep, NEEDS_TOKIO),
    ("tokio::net::TcpStream", ops::tokio_socket, NEEDS_TOKIO),
    ("tokio::spawn", ops::tokio_spawn, NEEDS_TOKIO),
    ("tokio spawn_blocking", ops::tokio_spawn_blocking, NEEDS_ITS_POOL),
    ("tokio::sync channels", ops::tokio_sync, EVERYWHERE),
    ("smol::Timer", ops::smol_timer, EVERYWHERE),
    ("smol::Async<TcpStream>", ops::smol_socket, EVERYWHERE),
    ("smol::spawn", ops::smol_spawn, EVERYWHERE),
    ("smol::channel", ops::smol_channel, EVERYWHERE),
    ("our Timers::sleep", ops::our_sleep, NEEDS_OURS),
    ("our TcpStream", ops::our_socket, NEEDS_OURS),
];

const EVERYWHERE: [End; 7] = [Works; 7];
const NEEDS_TOKIO: [End; 7] =
    [Works, Panics, Panics, Panics, Works, Hangs, Works];
/// Its threads need no driver.
const NEEDS_ITS_POOL: [End; 7] =
    [Works, Panics, Panics, Panics, Works, Works, Works];
const NEEDS_OURS: [End; 7] = [Hangs, Hangs, Works, Hangs, Hangs, Hangs, Hangs];

/// Tries each cell, and writes the table.
///
/// # Panics
/// When a cell is wrong.
pub fn tried() -> String {
    let mut lines = vec![format!("{:22}", "")];
    for place in PLACES {
        lines[0] += &format!(" {:7}", format!("{place:?}"));
    }
    for (name, op, ends) in ROWS {
        let mut line = format!("{name:22}");
        for (place, end) in PLACES.into_iter().zip(ends) {
            prove(op, place, end);
            line += &format!(" {:7}", format!("{end:?}").to_lowercase());
        }
        lines.push(line);
    }
    let lines: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::proof::watchdog;

    #[test]
    fn each_cell_of_the_table_is_as_it_says() {
        let text = watchdog(Duration::from_secs(60), tried).unwrap();
        let count = |end: &str| text.matches(end).count();
        assert_eq!(count("works"), 3 * 3 + 4 + 5 * 7 + 2);
        assert_eq!(count("panics"), 4 * 3);
        assert_eq!(count("hangs"), 3 + 2 * 6);
    }

    #[test]
    fn smol_has_what_async_std_had() {
        use smol::stream::StreamExt;
        let run = || {
            smol::block_on(async {
                assert_eq!(smol::unblock(|| 7).await, 7);
                smol::Timer::after(Duration::from_millis(1)).await;
                let mut ticks = smol::Timer::interval(Duration::from_millis(1));
                assert!(ticks.next().await.is_some());
                let locked = smol::lock::Mutex::new(7);
                assert_eq!(*locked.lock().await, 7);
                assert!(smol::fs::metadata("/").await.unwrap().is_dir());
                smol::spawn(async { 7 }).await
            })
        };
        assert_eq!(watchdog(Duration::from_secs(60), run), Ok(7));
    }
}
