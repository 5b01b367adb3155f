//! The steps of the chapter `runtimes/scheduling`.

pub mod aging;
pub mod alarm;
pub mod arrival;
pub mod clock;
pub mod doors;
pub mod executor;
pub mod line;
pub mod measured;
pub mod two_lines;
