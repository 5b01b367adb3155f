//! The steps of the chapter `futures/state-machines`.

pub mod async_fn;
pub mod by_hand;
pub mod children;
pub mod held;
pub mod shop;
pub mod wrapper;
