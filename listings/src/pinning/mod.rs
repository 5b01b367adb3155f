//! Why a future must not move.

pub mod self_reference;
