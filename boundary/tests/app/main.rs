//! The whole program, driven from outside: each test has an X server of its
//! own, starts the program there, and acts as its user.
#![cfg(target_os = "linux")]

mod ends;
mod picture;
mod user;
