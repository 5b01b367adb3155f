//! The steps of the chapter `pinning/self_reference`.
