//! Markdown, listings and git become chapters.

pub mod chapter;
pub mod description;
pub mod excerpt;
pub mod figure;
pub mod history;
pub mod include;
pub mod listing;
pub mod made;
pub mod markdown;
pub mod marks;
pub mod source;
#[cfg(feature = "publish")]
pub mod whole;
