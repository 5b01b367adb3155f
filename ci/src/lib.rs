//! What turns the chapters and their listings into the book, and checks both.
//!
//! ```text
//! site        title, address, contents, names of the files: the one model
//! links       resolving, slashes, picture sizes
//! problem     a fault: file, line, what to do
//! read/       Markdown, listings and git become chapters
//! draw/       Mermaid becomes SVG, code becomes colored
//! write/      chapters become files
//! serve       a loop around the build: watch, build, tell the browser
//! check/      sources and the written book are judged: a file a step
//! ```

pub mod check;
pub mod draw;
pub mod links;
pub mod problem;
pub mod read;
pub mod serve;
pub mod site;
pub mod write;
