//! The steps of the chapter `cancellation/cancel-safety`.

pub mod bytes;
pub mod channels;
pub mod codecs;
pub mod exact;
pub mod harness;
pub mod messages;
pub mod ours;
pub mod places;
pub mod protocol;
pub mod tasks;
