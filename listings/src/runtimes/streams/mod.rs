//! The steps of the chapter `runtimes/streams`.

pub mod buffered;
pub mod channel;
pub mod merge;
pub mod stream;
pub mod unordered;
