//! The steps of the chapter `runtimes/executor`.
