//! How a future says that it is worth polling again.

pub mod block_on;
pub mod channel;
pub mod contract;
pub mod lost_wakeups;
pub mod mutex;
pub mod notify;
pub mod oneshot;
pub mod raw_waker;
pub mod timer;
