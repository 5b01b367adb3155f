//! What turns the chapters and their listings into the book, and checks both.
//!
//! Data flows one way: Markdown ([`chapter`]) → listings ([`listing`]) →
//! diagrams → HTML ([`book`], [`page`]) → checks ([`rules`], [`site`]).

pub mod book;
pub mod chapter;
pub mod diagrams;
pub mod include;
pub mod instructions;
pub mod listing;
pub mod page;
pub mod problem;
pub mod rules;
pub mod serve;
pub mod site;
pub mod steps;
