//! What turns the chapters and their listings into the book, and checks both.
//!
//! ```text
//! links       resolving, slashes, picture sizes
//! site        title, address, contents, names of the files: the one model
//! problem     a fault: file, line, what to do
//! disk        files: read, and found below a folder
//! draw/       Mermaid and measured ratios become SVG, code becomes colored; knows nothing of a book
//! read/       Markdown, listings and git become chapters
//! write/      chapters become files: each made once, in memory, written once
//! serve       a loop around the build: watch, build beside, swap, tell the browser
//! check/      sources and the written book are judged: a file a step
//! ```
//!
//! A module uses what stands above it and nothing below: `read` uses `draw`, `write`
//! uses both, nothing uses `check`. `tests/arrows.rs` keeps it. Where something new
//! goes is in CONTRIBUTING.md, "The house of `ci`".

/// Regular expressions, each a `static` that is compiled when it is first used.
macro_rules! patterns {
    ($($(#[$said:meta])* $see:vis $name:ident = $text:literal;)*) => {$(
        $(#[$said])*
        $see static $name: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| {
                regex::Regex::new($text).expect("a pattern")
            });
    )*};
}

#[cfg(feature = "check")]
pub mod check;
pub mod disk;
pub mod draw;
pub mod links;
pub mod problem;
pub mod read;
pub mod serve;
pub mod site;
pub mod write;
