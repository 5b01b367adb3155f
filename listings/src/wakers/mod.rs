//! How a future says that it is worth polling again.

pub mod block_on;
pub mod channel;
pub mod contract;
pub mod oneshot;
