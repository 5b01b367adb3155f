//! Every sequence diagram in `traces/` is what a run of the real code records.

mod futures;
mod runtimes;
mod wakers;
