//! Every sequence diagram in `listings/traces/` is what a run of the real code records.

mod futures;
mod runtimes;
mod threads;
mod wakers;
