//! The exercises of *From Poll to Pixel*: a file each, with gaps to fill.
//!
//! `cargo test -p exercises countdown` tests your `src/countdown.rs`, and
//! says what is missing and which part of the book explains it. Below
//! `solutions/` is one way to write each, and
//! `cargo test -p exercises --features solutions` tests those.

// A stub does not yet use what it is given.
#![cfg_attr(
    not(feature = "solutions"),
    allow(dead_code, unused_imports, unused_mut, unused_variables)
)]

#[cfg_attr(feature = "solutions", path = "../solutions/counter.rs")]
pub mod counter;

#[cfg_attr(feature = "solutions", path = "../solutions/countdown.rs")]
pub mod countdown;

#[cfg_attr(feature = "solutions", path = "../solutions/first_of_many.rs")]
pub mod first_of_many;

#[cfg_attr(feature = "solutions", path = "../solutions/join_all.rs")]
pub mod join_all;

#[cfg_attr(feature = "solutions", path = "../solutions/manual.rs")]
pub mod manual;

#[cfg_attr(feature = "solutions", path = "../solutions/map.rs")]
pub mod map;

#[cfg_attr(feature = "solutions", path = "../solutions/notify.rs")]
pub mod notify;

#[cfg_attr(feature = "solutions", path = "../solutions/oneshot.rs")]
pub mod oneshot;
