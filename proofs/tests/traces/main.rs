//! Every sequence diagram in `listings/traces/` is what a run of the real code records.

mod anatomy;
mod cancellation;
mod choosing;
mod futurelock;
mod futures;
mod runtimes;
mod scheduling;
mod shutdown;
mod streams;
mod testing;
mod threads;
mod wakers;
