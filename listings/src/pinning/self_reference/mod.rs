//! The steps of the chapter `pinning/self_reference`.

pub mod by_address;
pub mod by_offset;
pub mod greeting;
pub mod place;
