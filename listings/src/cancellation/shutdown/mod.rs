//! The steps of the chapter `cancellation/shutdown`.

pub mod nursery;
pub mod retry;
pub mod server;
