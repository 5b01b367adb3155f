//! The listings under loom, a model checker: it runs each model in every
//! order of its threads that can make a difference. The code is that of the
//! pages, with `std::sync` and `std::thread` replaced by the modules here; a
//! new file to model is named in `build.rs`.

mod channel;
mod executor;
mod lost_wakeups;
mod manual;
mod mutex;
mod notify;
mod oneshot;
mod parker;
mod raw_waker;
mod streams;
mod threads;
mod timers;

/// What a listing finds in place of `std::sync`.
#[allow(unused_imports, reason = "each listing uses what it needs")]
mod sync {
    pub use loom::sync::{
        Condvar, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic,
    };
    // `Wake` asks for this very `Arc`, which loom does not see.
    pub use std::sync::{Arc, LockResult, PoisonError, TryLockError, Weak};
}

mod thread;

/// What a listing finds in place of `thread_local!`.
macro_rules! loom_thread_local {
    ($(#[$of:meta])* static $name:ident: $type:ty = const $value:block;) => {
        loom::thread_local! { $(#[$of])* static $name: $type = $value; }
    };
}

pub(crate) use loom_thread_local as thread_local;

macro_rules! listing {
    ($name:ident, $path:literal) => {
        pub mod $name {
            include!(concat!(env!("OUT_DIR"), "/models/", $path));
        }
    };
}

/// The future that is completed from outside.
#[allow(dead_code, reason = "a model does not use all of a listing")]
mod futures {
    include!(concat!(env!("OUT_DIR"), "/models/futures/poll/manual.rs"));
}

/// The listings, at the paths that they have in the crate.
#[allow(dead_code, reason = "a model does not use all of a listing")]
mod runtimes {
    pub mod executor {
        pub use abort::{JoinError, JoinHandle};
        pub use listings::runtimes::executor::caught;
        pub use spawner::{Executor, Spawner};
        listing!(abort, "runtimes/executor/abort.rs");
        listing!(ready, "runtimes/executor/ready.rs");
        listing!(spawner, "runtimes/executor/spawner.rs");
    }

    pub mod fast_executor {
        listing!(join, "runtimes/fast_executor/join.rs");
        listing!(queue, "runtimes/fast_executor/queue.rs");
        listing!(slots, "runtimes/fast_executor/slots.rs");
    }

    pub use crate::timers::reactor;

    pub mod streams {
        pub use listings::runtimes::streams::stream;
        listing!(unordered, "runtimes/streams/unordered.rs");
    }

    pub mod threads {
        listing!(idle, "runtimes/threads/idle.rs");
        listing!(join, "runtimes/threads/join.rs");
        listing!(queue, "runtimes/threads/queue.rs");
        listing!(scheduler, "runtimes/threads/scheduler.rs");
        listing!(task, "runtimes/threads/task.rs");
    }

    pub mod timers {
        pub use listings::runtimes::timers::{clock, sleep};
        listing!(runtime, "runtimes/timers/runtime.rs");
    }
}

#[allow(dead_code, reason = "a model does not use all of a listing")]
mod wakers {
    pub mod block_on {
        pub use listings::wakers::block_on::spin;
        listing!(flag, "wakers/block_on/flag.rs");
        listing!(park, "wakers/block_on/park.rs");
    }

    pub use listings::wakers::contract;

    pub mod channel {
        pub use listings::wakers::channel::waiters;
        listing!(bounded, "wakers/channel/bounded.rs");
        listing!(unbounded, "wakers/channel/unbounded.rs");
        listing!(waiting, "wakers/channel/waiting.rs");
    }

    pub mod lost_wakeups {
        listing!(atomic_waker, "wakers/lost_wakeups/atomic_waker.rs");
        listing!(early, "wakers/lost_wakeups/early.rs");
        listing!(latch, "wakers/lost_wakeups/latch.rs");
        listing!(late, "wakers/lost_wakeups/late.rs");
    }

    pub mod mutex {
        listing!(fair, "wakers/mutex/fair.rs");
        listing!(in_line, "wakers/mutex/in_line.rs");
        listing!(pool, "wakers/mutex/pool.rs");
    }

    pub mod notify {
        listing!(line, "wakers/notify/line.rs");
    }

    pub mod oneshot {
        listing!(alone, "wakers/oneshot/alone.rs");
        listing!(closed, "wakers/oneshot/closed.rs");
    }

    pub mod raw_waker {
        listing!(static_flag, "wakers/raw_waker/static_flag.rs");
    }
}
