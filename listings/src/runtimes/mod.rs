//! Who calls `poll`.

#[cfg(test)]
mod laws;

pub mod executor;
pub mod fast_executor;
