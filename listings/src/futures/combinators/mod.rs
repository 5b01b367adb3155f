//! The steps of the chapter `futures/combinators`.

pub mod fair;
pub mod join;
pub mod once;
pub mod race;
pub mod recursion;
