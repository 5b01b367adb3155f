//! Every sequence diagram in `listings/traces/` is what a run of the real code records.

mod cancellation;
mod anatomy;
mod futures;
mod runtimes;
mod scheduling;
mod threads;
mod futurelock;
mod futures;
mod runtimes;
mod shutdown;
mod wakers;
