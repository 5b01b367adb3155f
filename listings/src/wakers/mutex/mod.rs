//! The steps of the chapter `wakers/mutex`.

pub mod fair;
pub mod in_line;
pub mod pool;
pub mod trial;
pub mod wake_one;
