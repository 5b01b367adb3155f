//! The steps of the chapter `runtimes/testing`.

pub mod reload;
pub mod seeded;
