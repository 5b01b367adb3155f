//! The steps of the chapter `futures/lazy`.
