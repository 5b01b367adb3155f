//! The steps of the chapter `boundary/app`: one program in small files.
//!
//! `picture`, `shader` and `state` know neither threads nor windows.

pub mod failure;
pub mod frames;
mod handler;
pub mod load;
pub mod picture;
pub mod program;
pub mod reference;
pub mod refine;
pub mod setup;
pub mod shader;
pub mod state;
pub mod tasks;
