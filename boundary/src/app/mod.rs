//! The steps of the chapter `boundary/app`: one program in small files.
//!
//! `picture`, `shader`, `pipelines` and `state` know neither threads nor
//! windows.

pub mod picture;
mod pipelines;
pub mod shader;
pub mod state;
