//! The steps of the chapter `runtimes/choosing`.

pub mod ambient;
pub mod inside;
#[cfg(feature = "runtimes")]
pub mod matrix;
#[cfg(feature = "runtimes")]
pub mod neutral;
#[cfg(feature = "runtimes")]
pub mod table;
