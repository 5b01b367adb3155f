//! Our pool of workers without one of its ideas each; `build.rs` writes it.

include!(concat!(env!("OUT_DIR"), "/ablations.rs"));
