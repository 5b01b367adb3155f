//! The steps of the chapter `futures/poll`.
