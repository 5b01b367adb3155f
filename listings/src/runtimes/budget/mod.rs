//! The steps of the chapter `runtimes/budget`.

pub mod own;
pub mod shared;

pub use shared::{Budgeted, Cooperative, budgeted, cooperative};
