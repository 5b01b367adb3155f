//! The steps of the chapter `futures/lazy`.

pub mod async_fn;
pub mod plain_fn;
