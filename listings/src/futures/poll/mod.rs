//! The steps of the chapter `futures/poll`.

pub mod countdown;
pub mod first_waker;
pub mod forgetful;
pub mod manual;
pub mod map;
pub mod poll_fn;
pub mod ready;
pub mod spin;
