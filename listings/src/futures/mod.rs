//! What a future is, and what polls it.

pub mod combinators;
pub mod lazy;
pub mod poll;
pub mod state_machines;
