//! Chapters become files.

pub mod assets;
pub mod build;
pub mod card;
pub mod feeds;
pub mod frame;
mod hash;
pub mod head;
pub mod offline;
pub mod outside;
pub mod page;
pub mod search;
