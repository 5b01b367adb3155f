//! What turns the chapters and their listings into the book, and checks both.
//!
//! Data flows one way: Markdown ([`chapter`]) → listings ([`listing`]) →
//! diagrams → HTML ([`book`], [`page`], [`linked`]) → files to take along
//! ([`offline`]) → checks ([`rules`], [`site`]).

pub mod book;
pub mod bundle;
pub mod chapter;
pub mod diagrams;
pub mod frame;
mod hash;
pub mod highlight;
pub mod include;
pub mod instructions;
pub mod linked;
pub mod listing;
pub mod offline;
pub mod page;
pub mod problem;
pub mod rules;
pub mod search;
pub mod serve;
pub mod site;
pub mod steps;
