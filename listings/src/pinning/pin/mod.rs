//! The steps of the chapter `pinning/pin`.

pub mod field;
pub mod page;
pub mod permit;
pub mod pinned;
pub mod wrapper;
