//! The steps of the chapter `pinning/projection`.

pub mod broken;
pub mod by_bound;
pub mod by_hand;
pub mod listed;
pub mod pinned_drop;
pub mod report;
pub mod timed;
pub mod until;
