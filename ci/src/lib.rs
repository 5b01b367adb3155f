//! The machinery of the book.
