//! The steps of the chapter `boundary/proxy`.
