//! Paths and links inside the book, and how large a picture is.
