//! The steps of the chapter `pinning/dyn-and-recursion`.

pub mod bound;
pub mod by_hand;
pub mod jobs;
pub mod plain;
pub mod walk;
