//! Why a future must not move, and how it is kept in place.

pub mod async_closures;
pub mod dyn_and_recursion;
pub mod pin;
pub mod projection;
pub mod self_reference;
