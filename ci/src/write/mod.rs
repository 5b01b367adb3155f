//! Chapters become files.

pub mod assets;
pub mod build;
pub mod content;
pub mod css;
pub mod folder;
mod hash;
pub mod page;
pub mod render;
pub mod search;
mod templates;
mod terms;

#[cfg(feature = "publish")]
pub mod card;
#[cfg(feature = "publish")]
pub mod feeds;
#[cfg(feature = "publish")]
pub mod head;
#[cfg(feature = "publish")]
pub mod live;
#[cfg(feature = "publish")]
pub mod offline;
#[cfg(feature = "publish")]
pub mod programs;
#[cfg(feature = "publish")]
pub mod publish;
