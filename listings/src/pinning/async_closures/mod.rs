//! The steps of the chapter `pinning/async-closures`.

pub mod boxed;
pub mod each;
pub mod owned;
