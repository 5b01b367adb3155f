//! What each exercise has to do. A failed test says what was expected and
//! which part of the book explains it.

mod support;

mod countdown;
mod counter;
mod first_of_many;
mod join_all;
mod manual;
mod map;
mod notify;
mod oneshot;
