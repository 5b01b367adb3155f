//! What ours does otherwise than a peer whose test suite asks for it. Each
//! difference names the test, the reason, and the place where the book says
//! so, and is shown on both. None of them is counted as a scenario.

use std::fs;
use std::future::{pending, poll_fn};
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use async_channel::bounded as of_async_channel;
use futures::channel::{mpsc as of_futures_mpsc, oneshot as of_futures};
use futures::future::{Either, select};
use listings::futures::combinators::{join, race};
use listings::proof::hostile::{OnDrop, caught};
use listings::runtimes::executor;
use listings::runtimes::timers::{Clock, Timers};
use listings::wakers::block_on::flag::block_on;
use listings::wakers::channel::bounded;
use listings::wakers::mutex::fair;
use listings::wakers::notify::line;
use listings::wakers::oneshot::closed;
use tokio::sync::{self, mpsc, oneshot};

use crate::runners::{End, of_tokio};
use crate::{does_panic, poll, polled, turn};

struct Difference {
    /// The test of the peer, or its file where it has several of the kind.
    asked: &'static str,
    reason: &'static str,
    /// A file, from the root of the book, and words in it.
    says: (&'static str, &'static str),
    /// Panics when ours and the peer do the same.
    differs: fn(),
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        asked: "Tokio, sync_oneshot.rs: close_try_recv_poll",
        reason: "Ours gives the error again. A panic would need a state more.",
        says: (
            "listings/src/wakers/oneshot/closed.rs",
            "Polled again after that it gives `Closed`",
        ),
        differs: a_receiver_polled_after_its_end,
    },
    Difference {
        asked: "Tokio, sync_oneshot.rs: explicit_close_poll",
        reason: "Our receiver closes the channel only when it is dropped.",
        says: ("src/wakers/oneshot.md", "After its `close`"),
        differs: a_oneshot_receiver_that_closes,
    },
    Difference {
        asked: "Tokio, sync_oneshot.rs: try_recv_after_completion",
        reason: "Our receiver is looked at by a poll.",
        says: ("src/wakers/oneshot.md", "`try_recv`, which does not wait"),
        differs: a_oneshot_receiver_that_looks,
    },
    Difference {
        asked: "Tokio, sync_oneshot.rs: async_rx_closed; \
                futures-channel, oneshot.rs: cancel_notifies",
        reason: "Our sender can ask whether the receiver has gone, and not \
                 wait for it.",
        says: (
            "src/wakers/oneshot.md",
            "The sender can [wait until the channel is closed]",
        ),
        differs: a_oneshot_sender_that_waits,
    },
    Difference {
        asked: "Tokio, sync_notify.rs: notify_multi_notified_last",
        reason: "Our line is served from its beginning alone.",
        says: ("src/wakers/notify.md", "`notify_last`"),
        differs: a_notice_for_the_last,
    },
    Difference {
        asked: "Tokio, sync_notify.rs: test_enable_consumes_permit",
        reason: "With ours, a poll joins the line.",
        says: ("src/wakers/notify.md", "Our notify has no `enable`"),
        differs: a_future_that_joins_the_line_without_a_poll,
    },
    Difference {
        asked: "Tokio, sync_mutex_owned.rs",
        reason: "Our guard borrows the mutex.",
        says: ("src/wakers/mutex.md", "`lock_owned` gives a guard"),
        differs: a_guard_that_owns_its_mutex,
    },
    Difference {
        asked: "Tokio, sync_mpsc.rs: reserve_disarm",
        reason: "Our channel gives a place together with a value alone.",
        says: ("src/wakers/channel.md", "`reserve` waits for a place"),
        differs: a_place_without_a_value,
    },
    Difference {
        asked: "Tokio, sync_mpsc.rs: failed_reserve_wakes_closed_receiver",
        reason: "Tokio's closed channel ends when every place that was given \
                 is back. Ours ends at once, because a sender that was served \
                 sends nothing after the close.",
        says: (
            "listings/src/wakers/channel/bounded.rs",
            "every sender is gone, or the channel was closed",
        ),
        differs: a_closed_channel_with_a_place_given_away,
    },
    Difference {
        asked: "Tokio, sync_mpsc.rs: blocking_recv",
        reason: "A thread calls `block_on` with ours.",
        says: ("src/wakers/channel.md", "`blocking_recv`"),
        differs: a_thread_that_receives,
    },
    Difference {
        asked: "Tokio, sync_mpsc_weak.rs",
        reason: "Each of our senders keeps the channel open.",
        says: ("src/wakers/channel.md", "WeakSender"),
        differs: a_sender_that_keeps_nothing_open,
    },
    Difference {
        asked: "async-channel, bounded.rs: forget_blocked_sender",
        reason: "Our channel keeps a place for a sender that was served, as \
                 Tokio's does. In async-channel, whoever comes first has it.",
        says: (
            "listings/src/wakers/channel/bounded.rs",
            "a sender uses its place when it is polled next",
        ),
        differs: a_sender_that_was_served_and_is_not_polled,
    },
    Difference {
        asked: "async-channel, bounded.rs: mpmc",
        reason: "Our channel has one receiver, as Tokio's has.",
        says: (
            "listings/src/wakers/channel/unbounded.rs",
            "from many senders to one receiver",
        ),
        differs: a_receiver_that_is_cloned,
    },
    Difference {
        asked: "futures-channel, mpsc.rs: try_send_recv",
        reason: "In futures each sender has a place beside those of the \
                 channel.",
        says: (
            "listings/src/wakers/channel/bounded.rs",
            "A channel that holds at most `capacity` values",
        ),
        differs: a_second_value_in_a_channel_of_one,
    },
    Difference {
        asked: "Tokio, rt_common.rs: coop",
        reason: "Our channel does not know of a budget.",
        says: ("src/wakers/channel.md", "a task has a [budget]"),
        differs: a_thousand_values_in_a_row,
    },
    Difference {
        asked: "Tokio, rt_common.rs: nested_rt; \
                futures-executor, local_pool.rs: nesting_run",
        reason: "Each call of ours has a parker of its own, so it may stand in \
                 another. The tasks of the outer one wait meanwhile.",
        says: ("src/wakers/block-on.md", "refuse the inner call"),
        differs: a_block_on_in_a_block_on,
    },
    Difference {
        asked: "Tokio, task_abort.rs: \
                test_abort_task_that_panics_on_drop_returned",
        reason: "Ours says what was asked for, and drops the panic.",
        says: ("src/runtimes/ending.md", "Tokio's handle says `is_panic`"),
        differs: an_abort_whose_destructor_panics,
    },
    Difference {
        asked: "Tokio, join_handle_panic.rs",
        reason: "The value belongs to the handle, so its panic is that of \
                 whoever drops the handle.",
        says: (
            "listings/src/runtimes/executor/abort.rs",
            "whose destructor may panic here",
        ),
        differs: a_handle_dropped_with_a_value_that_panics,
    },
    Difference {
        asked: "Tokio, macros_join.rs: \
                a_different_future_is_polled_first_every_time_poll_fn_is_polled",
        reason: "Ours polls from left to right each time, as with `biased`.",
        says: (
            "src/futures/combinators.md",
            "The join polls its futures one after the other",
        ),
        differs: the_order_in_a_join,
    },
    Difference {
        asked: "futures, eventual.rs: select1",
        reason: "Our race drops the loser before it gives the value.",
        says: (
            "listings/src/futures/combinators/race.rs",
            "The other is dropped then, before the value is given",
        ),
        differs: the_loser_of_a_race,
    },
    Difference {
        asked: "Tokio, time_sleep.rs: creating_sleep_outside_of_context",
        reason: "Our sleep is made by its timers, so it needs no runtime \
                 around it.",
        says: ("src/runtimes/timers.md", "Timers need a runtime with"),
        differs: a_sleep_made_outside_of_a_runtime,
    },
];

/// The words of a file, without the signs of its comments and its lines.
fn words(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join(file)).expect(file);
    let lines = text.lines().map(|line| {
        let line = line.trim_start();
        line.strip_prefix("///").or(line.strip_prefix("//!")).unwrap_or(line)
    });
    let lines = Vec::from_iter(lines).join(" ");
    Vec::from_iter(lines.split_whitespace()).join(" ")
}

#[test]
fn each_difference_is_one_and_the_book_says_so() {
    for it in DIFFERENCES {
        assert!(!it.reason.is_empty(), "{} has no reason", it.asked);
        let (file, says) = it.says;
        assert!(
            words(file).contains(says),
            "{file} does not say `{says}`, which is about {}",
            it.asked
        );
        crate::run(it.asked, it.differs);
    }
}

/// What ours answers to a method that it does not have. If it had the method,
/// that one would be called, and this would not compile.
struct Lacks;

macro_rules! lacks {
    ($($what:ident: $type:ty, $method:ident();)+) => {$(
        trait $what {
            fn $method(&mut self) -> Lacks {
                Lacks
            }
        }

        impl $what for $type {}
    )+};
}

lacks! {
    Close: closed::Receiver<i32>, close();
    Look: closed::Receiver<i32>, try_recv();
    Wait: closed::Sender<i32>, closed();
    Last: line::Notify, notify_last();
    Enable: line::Notified<'_>, enable();
    Own: Arc<fair::Mutex<i32>>, lock_owned();
    Reserve: bounded::Sender<i32>, reserve();
    Block: bounded::Receiver<i32>, blocking_recv();
    Downgrade: bounded::Sender<i32>, downgrade();
    Copies: bounded::Receiver<i32>, clone();
}

fn a_receiver_polled_after_its_end() {
    let (sender, mut receiver) = closed::channel();
    assert_eq!(sender.send(1), Ok(()));
    assert_eq!(poll(&mut receiver, Waker::noop()), Poll::Ready(Ok(1)));
    let again = poll(&mut receiver, Waker::noop());
    assert_eq!(again, Poll::Ready(Err(closed::Closed)));

    let (sender, mut receiver) = oneshot::channel();
    assert_eq!(sender.send(1), Ok(()));
    assert_eq!(poll(&mut receiver, Waker::noop()), Poll::Ready(Ok(1)));
    assert!(does_panic(|| poll(&mut receiver, Waker::noop())));
}

fn a_oneshot_receiver_that_closes() {
    let (_sender, mut receiver) = closed::channel();
    let Lacks = receiver.close();

    let (sender, mut receiver) = oneshot::channel();
    receiver.close();
    assert_eq!(sender.send(1), Err(1));
}

fn a_oneshot_receiver_that_looks() {
    let (_sender, mut receiver) = closed::channel();
    let Lacks = receiver.try_recv();

    let (sender, mut receiver) = oneshot::channel();
    assert_eq!(sender.send(1), Ok(()));
    assert_eq!(receiver.try_recv(), Ok(1));
}

fn a_oneshot_sender_that_waits() {
    let (mut sender, _receiver) = closed::channel();
    let Lacks = sender.closed();

    let (mut sender, receiver) = oneshot::channel::<i32>();
    let mut closed = polled(sender.closed());
    closed.waits();
    drop(receiver);
    closed.ready();

    let (mut sender, receiver) = of_futures::channel::<i32>();
    let mut closed = polled(sender.cancellation());
    closed.waits();
    drop(receiver);
    closed.ready();
}

fn a_notice_for_the_last() {
    let Lacks = line::Notify::default().notify_last();

    let notify = sync::Notify::new();
    let [mut first, mut last] = [(); 2].map(|()| polled(notify.notified()));
    first.waits();
    last.waits();
    notify.notify_last();
    first.waits();
    last.ready();
}

fn a_future_that_joins_the_line_without_a_poll() {
    let notify = line::Notify::default();
    let Lacks = notify.notified().enable();

    let notify = sync::Notify::new();
    notify.notify_one();
    let mut first = Box::pin(notify.notified());
    assert!(first.as_mut().enable());
    polled(notify.notified()).waits();
}

fn a_guard_that_owns_its_mutex() {
    let Lacks = Arc::new(fair::Mutex::new(1)).lock_owned();

    let mutex = Arc::new(sync::Mutex::new(1));
    let guard = block_on(mutex.clone().lock_owned());
    assert_eq!((*guard, Arc::strong_count(&mutex)), (1, 2));
}

fn a_place_without_a_value() {
    let (mut sender, _receiver) = bounded::channel(1);
    let Lacks = sender.reserve();

    let (sender, mut receiver) = mpsc::channel(1);
    block_on(sender.reserve()).unwrap().send(1);
    assert_eq!(receiver.try_recv(), Ok(1));
}

fn a_closed_channel_with_a_place_given_away() {
    let (sender, mut receiver) = bounded::channel(1);
    assert!(sender.try_send(1).is_ok());
    let mut served = polled(sender.send(2));
    served.waits();
    assert_eq!(receiver.try_recv(), Ok(1));
    receiver.close();
    assert_eq!(polled(receiver.recv()).ready(), None);
    assert!(served.ready().is_err());

    let (sender, mut receiver) = mpsc::channel(1);
    assert!(sender.try_send(1).is_ok());
    let mut served = polled(sender.send(2));
    served.waits();
    assert_eq!(receiver.try_recv(), Ok(1));
    receiver.close();
    let mut recv = polled(receiver.recv());
    recv.waits();
    assert!(served.ready().is_err());
    assert_eq!((recv.wakes(), recv.ready()), (1, None));
}

fn a_thread_that_receives() {
    let (_sender, mut receiver) = bounded::channel(1);
    let Lacks = receiver.blocking_recv();

    let (sender, mut receiver) = mpsc::channel(1);
    assert!(sender.try_send(1).is_ok());
    assert_eq!(receiver.blocking_recv(), Some(1));
}

fn a_sender_that_keeps_nothing_open() {
    let (mut sender, _receiver) = bounded::channel(1);
    let Lacks = sender.downgrade();

    let (sender, mut receiver) = mpsc::channel::<i32>(1);
    let weak = sender.downgrade();
    drop(sender);
    assert_eq!(polled(receiver.recv()).ready(), None);
    assert!(weak.upgrade().is_none());
}

fn a_sender_that_was_served_and_is_not_polled() {
    let (sender, mut receiver) = bounded::channel(1);
    assert!(sender.try_send(1).is_ok());
    let mut served = polled(sender.send(2));
    served.waits();
    assert_eq!(receiver.try_recv(), Ok(1));
    let refused = sender.try_send(3);
    assert!(matches!(refused, Err(bounded::TrySendError::Full(3))));

    let (sender, receiver) = of_async_channel(1);
    assert!(sender.try_send(1).is_ok());
    let mut served = polled(sender.send(2));
    served.waits();
    assert_eq!(receiver.try_recv(), Ok(1));
    assert_eq!(sender.try_send(3), Ok(()));
    assert_eq!(receiver.try_recv(), Ok(3));
}

fn a_receiver_that_is_cloned() {
    let (_sender, mut receiver) = bounded::channel(1);
    let Lacks = receiver.clone();

    let (sender, receiver) = of_async_channel(1);
    let other = receiver.clone();
    assert!(sender.try_send(1).is_ok());
    assert_eq!(other.try_recv(), Ok(1));
    assert!(receiver.try_recv().is_err());
}

fn a_second_value_in_a_channel_of_one() {
    let (sender, _receiver) = bounded::channel(1);
    assert!(sender.try_send(1).is_ok());
    assert!(sender.try_send(2).is_err());

    let (mut sender, _receiver) = of_futures_mpsc::channel(1);
    assert!(sender.try_send(1).is_ok());
    assert!(sender.try_send(2).is_ok());
    assert!(sender.try_send(3).is_err());
}

/// How many polls a future takes in Tokio's runtime, whose tasks have a budget.
fn polls(future: impl Future<Output = ()>) -> u32 {
    let mut future = pin!(future);
    let mut polls = 0;
    of_tokio::Executor::new().run(poll_fn(|cx| {
        polls += 1;
        future.as_mut().poll(cx)
    }));
    polls
}

fn a_thousand_values_in_a_row() {
    let (sender, mut receiver) = bounded::channel(1000);
    for value in 0..1000 {
        assert!(sender.try_send(value).is_ok());
    }
    drop(sender);
    let ours = polls(async { while receiver.recv().await.is_some() {} });
    assert_eq!(ours, 1);

    let (sender, mut receiver) = mpsc::channel(1000);
    for value in 0..1000 {
        assert!(sender.try_send(value).is_ok());
    }
    drop(sender);
    assert!(polls(async { while receiver.recv().await.is_some() {} }) > 1);
}

fn a_block_on_in_a_block_on() {
    assert_eq!(block_on(async { block_on(async { 1 }) }), 1);
    let [outer, inner] = [(); 2].map(|()| executor::Executor::default());
    assert_eq!(outer.run(async { inner.run(async { 1 }) }), 1);

    let [mut outer, mut inner] = [(); 2].map(|()| of_tokio::Executor::new());
    assert!(does_panic(|| outer.run(async { inner.run(async { 1 }) })));
    assert!(does_panic(|| {
        futures::executor::block_on(async {
            futures::executor::block_on(async { 1 })
        })
    }));
}

/// A task that waits, and whose local panics when it is dropped.
async fn holds(_local: OnDrop) {
    pending().await
}

fn an_abort_whose_destructor_panics() {
    let executor = executor::Executor::default();
    let task = executor.spawner().spawn(holds(OnDrop::panics()));
    assert_eq!(executor.run_until_stalled(), 1);
    task.abort();
    assert_eq!(executor.run(task), Err(executor::JoinError::Cancelled));

    let mut executor = of_tokio::Executor::new();
    let task = executor.spawner().spawn(holds(OnDrop::panics()));
    executor.run(turn());
    task.abort();
    assert!(matches!(executor.run(task), Err(End::Panic(_))));
}

fn a_handle_dropped_with_a_value_that_panics() {
    let executor = executor::Executor::default();
    let handle = executor.spawner().spawn(async { OnDrop::panics() });
    assert_eq!(executor.run_until_stalled(), 0);
    assert!(caught(|| drop(handle)).is_err());

    let mut executor = of_tokio::Executor::new();
    let handle = executor.spawner().spawn(async { OnDrop::panics() });
    executor.run(turn());
    assert!(caught(|| drop(handle)).is_ok());
}

fn the_order_in_a_join() {
    type Order = Arc<Mutex<Vec<u32>>>;

    async fn tells(order: Order, number: u32) {
        for _ in 0..2 {
            order.lock().unwrap().push(number);
            turn().await;
        }
    }

    let order = Order::default();
    let [first, second] =
        [1, 2].map(|number| Box::pin(tells(order.clone(), number)));
    block_on(join::join(first, second));
    assert_eq!(*order.lock().unwrap(), [1, 2, 1, 2]);

    let order = Order::default();
    let [first, second] = [1, 2].map(|number| tells(order.clone(), number));
    block_on(async { tokio::join!(first, second) });
    assert_eq!(*order.lock().unwrap(), [1, 2, 2, 1]);
}

fn the_loser_of_a_race() {
    let (sender, receiver) = of_futures::channel();
    let (second, loser) = of_futures::channel::<i32>();
    assert_eq!(sender.send(1), Ok(()));
    let winner = block_on(race::race(receiver, loser));
    assert_eq!(winner, race::Winner::Left(Ok(1)));
    assert!(second.is_canceled());

    let (sender, receiver) = of_futures::channel();
    let (second, loser) = of_futures::channel();
    assert_eq!(sender.send(1), Ok(()));
    let Either::Left((first, loser)) = block_on(select(receiver, loser)) else {
        panic!("the first was ready");
    };
    assert_eq!(second.send(2), Ok(()));
    assert_eq!((first, block_on(loser)), (Ok(1), Ok(2)));
}

fn a_sleep_made_outside_of_a_runtime() {
    let timers = Timers::new(Clock::stopped(), Waker::noop().clone());
    let mut sleep = timers.sleep(Duration::ZERO);
    assert!(poll(&mut sleep, Waker::noop()).is_ready());

    let make = || drop(tokio::time::sleep(Duration::ZERO));
    assert!(does_panic(make));
}
