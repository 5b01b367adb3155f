//! The steps of the chapter `runtimes/chat-server`: one server, on Tokio and
//! on the runtime of the book.

pub mod lines;
pub mod on_ours;
pub mod on_tokio;
pub mod protocol;

#[cfg(test)]
mod trial;
