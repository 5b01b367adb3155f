//! The steps of the chapter `wakers/notify`.

pub mod line;
