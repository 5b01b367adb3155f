//! Several futures in one task: our `join`, `race` and `first`, what futures
//! has for them, and the macros of Tokio in their mode `biased`. From
//! `eventual.rs`, `future_select_all.rs`, `async_await_macros.rs` and
//! `recurse.rs` of futures, and from `macros_join.rs` and `macros_select.rs` of
//! Tokio.

use std::future::{pending, ready};
use std::sync::{Arc, Mutex, mpsc};
use std::task::Poll;
use std::thread;

use futures::channel::oneshot;
use listings::futures::combinators::race::Winner::{Left, Right};
use listings::wakers::block_on::flag::block_on;

use crate::{polled, turn};

mod ours {
    pub use listings::futures::combinators::join::join;
    pub use listings::futures::combinators::once::poll_once;
    pub use listings::futures::combinators::race::race;
    pub use listings::futures::combinators::recursion::sum;
    pub use listings::wakers::timer::first::first;
}

mod of_futures {
    use std::task::Poll;

    use futures::FutureExt;
    use futures::future::{BoxFuture, Either, ready, select, select_all};
    use listings::futures::combinators::race::Winner;

    pub use futures::future::join;

    pub async fn race<A, B>(left: A, right: B) -> Winner<A::Output, B::Output>
    where
        A: Future + Unpin,
        B: Future + Unpin,
    {
        match select(left, right).await {
            Either::Left((value, _)) => Winner::Left(value),
            Either::Right((value, _)) => Winner::Right(value),
        }
    }

    pub async fn first<F: Future + Unpin>(
        futures: Vec<F>,
    ) -> (usize, F::Output) {
        let (value, number, _) = select_all(futures).await;
        (number, value)
    }

    pub async fn poll_once<F: Future + Unpin>(
        future: &mut F,
    ) -> Poll<F::Output> {
        futures::poll!(future)
    }

    pub fn sum(n: u32) -> BoxFuture<'static, u32> {
        fn step((n, sum): (u32, u32)) -> BoxFuture<'static, u32> {
            if n == 0 {
                return ready(sum).boxed();
            }
            ready((n - 1, sum + n)).then(step).boxed()
        }
        step((n, 0))
    }
}

mod of_tokio {
    use listings::futures::combinators::race::Winner;

    pub async fn join<A: Future, B: Future>(
        a: A,
        b: B,
    ) -> (A::Output, B::Output) {
        tokio::join!(biased; a, b)
    }

    pub async fn race<A: Future, B: Future>(
        left: A,
        right: B,
    ) -> Winner<A::Output, B::Output> {
        tokio::select! {
            biased;
            value = left => Winner::Left(value),
            value = right => Winner::Right(value),
        }
    }
}

/// futures: `join1`.
#[test]
fn a_join_of_what_is_ready_is_ready_at_the_first_poll() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let mut join = polled(it::join(ready(1), ready(2)));
        assert_eq!(join.ready(), (1, 2));
    });
}

/// futures: `join2`. Tokio: `two_await`.
#[test]
fn a_join_is_woken_by_each_and_ready_with_both() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let (first, its) = oneshot::channel();
        let (second, other) = oneshot::channel();
        let mut join = polled(it::join(its, other));
        join.waits();
        second.send(123).unwrap();
        assert_eq!(join.wakes(), 1);
        join.waits();
        first.send("hello").unwrap();
        assert_eq!(join.wakes(), 2);
        assert_eq!(join.ready(), (Ok("hello"), Ok(123)));
    });
}

/// futures: `join5`.
#[test]
fn a_join_may_stand_in_a_join() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let [first, second, third] = [(); 3].map(|()| oneshot::channel());
        let inner = Box::pin(it::join(first.1, second.1));
        let mut join = polled(it::join(inner, third.1));
        join.waits();
        for (number, sender) in [first.0, second.0].into_iter().enumerate() {
            sender.send(number).unwrap();
            join.waits();
        }
        third.0.send(2).unwrap();
        assert_eq!(join.ready(), ((Ok(0), Ok(1)), Ok(2)));
    });
}

/// Tokio: `futures_are_polled_in_order_in_biased_mode`.
#[test]
fn a_join_polls_its_futures_in_their_order_each_time() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let order = Arc::new(Mutex::new(Vec::new()));
        let futures = [1, 2].map(|number| {
            let order = order.clone();
            Box::pin(async move {
                for _ in 0..4 {
                    order.lock().unwrap().push(number);
                    turn().await;
                }
            })
        });
        let [first, second] = futures;
        block_on(it::join(first, second));
        assert_eq!(*order.lock().unwrap(), [1, 2, 1, 2, 1, 2, 1, 2]);
    });
}

/// Tokio: `one_ready`.
#[test]
fn a_race_gives_the_one_that_is_ready() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let (sender, receiver) = oneshot::channel();
        let (_other, never) = oneshot::channel::<i32>();
        sender.send(1).unwrap();
        let mut race = polled(it::race(receiver, never));
        assert_eq!(race.ready(), Left(Ok(1)));
    });
}

/// futures: `select1`.
#[test]
fn a_race_that_waits_is_woken_by_the_first_and_gives_it() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let (_other, never) = oneshot::channel::<i32>();
        let (sender, receiver) = oneshot::channel();
        let mut race = polled(it::race(never, receiver));
        race.waits();
        assert_eq!(race.wakes(), 0);
        sender.send(1).unwrap();
        assert_eq!(race.wakes(), 1);
        assert_eq!(race.ready(), Right(Ok(1)));
    });
}

/// futures: `select2`, `select3`.
#[test]
fn an_error_wins_a_race_as_a_value_does() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let (first, its) = oneshot::channel::<i32>();
        let (second, mut other) = oneshot::channel::<i32>();
        let mut race = polled(it::race(its, &mut other));
        race.waits();
        drop(first);
        assert_eq!(race.ready(), Left(Err(oneshot::Canceled)));
        drop(race);
        second.send(2).unwrap();
        assert_eq!(block_on(other), Ok(2));
    });
}

/// Tokio: `move_uncompleted_futures`.
#[test]
fn a_loser_that_was_lent_can_be_awaited_after_the_race() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let (first, mut its) = oneshot::channel();
        let (second, mut other) = oneshot::channel();
        first.send(1).unwrap();
        second.send(2).unwrap();
        block_on(async {
            let winner = it::race(&mut its, &mut other).await;
            assert_eq!(winner, Left(Ok(1)));
            assert_eq!(other.await, Ok(2));
        });
    });
}

/// Tokio: `biased_one_not_ready`.
#[test]
fn of_those_that_are_ready_the_one_asked_first_wins() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let later = Box::pin(it::race(ready(2), ready(3)));
        let mut race = polled(it::race(pending::<()>(), later));
        assert_eq!(race.ready(), Right(Left(2)));
    });
}

/// Tokio: `nested`.
#[test]
fn a_race_may_follow_in_a_race() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let inner = Box::pin(async {
            let Left(x) = it::race(ready(1), pending::<()>()).await else {
                panic!("a pending future won");
            };
            x + 2
        });
        let mut race = polled(it::race(inner, pending::<()>()));
        assert_eq!(race.ready(), Left(3));
    });
}

/// Tokio: `drop_in_fut`.
#[test]
fn a_future_in_a_race_may_drop_what_it_owns() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let value = Arc::new(());
        let held = value.clone();
        let drops = Box::pin(async move {
            turn().await;
            drop(held);
            1
        });
        let mut race = polled(it::race(drops, pending::<()>()));
        race.waits();
        assert_eq!(Arc::strong_count(&value), 2);
        assert_eq!(race.ready(), Left(1));
        assert_eq!(Arc::strong_count(&value), 1);
    });
}

/// futures: `select4`.
#[test]
fn many_races_are_won_by_another_thread() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let (senders, received) = mpsc::channel::<oneshot::Sender<i32>>();
        let thread = thread::spawn(move || {
            received.into_iter().for_each(|it| it.send(1).unwrap());
        });
        for _ in 0..200 {
            let (first, its) = oneshot::channel();
            let (_second, other) = oneshot::channel::<i32>();
            senders.send(first).unwrap();
            assert_eq!(block_on(it::race(its, other)), Left(Ok(1)));
        }
        drop(senders);
        thread.join().unwrap();
    });
}

/// futures: `smoke` of `future_select_all.rs`.
#[test]
fn the_first_of_a_list_says_its_number() {
    scenario!(ours, of_futures, |it| {
        let futures = [1, 2, 3].map(ready).to_vec();
        assert_eq!(polled(it::first(futures)).ready(), (0, 1));
        let (sender, receiver) = oneshot::channel();
        let (_other, never) = oneshot::channel();
        let mut first = polled(it::first(vec![never, receiver]));
        first.waits();
        sender.send(7).unwrap();
        assert_eq!(first.wakes(), 1);
        assert_eq!(first.ready(), (1, Ok(7)));
    });
}

/// futures: `poll_and_pending`.
#[test]
fn a_future_is_polled_once_and_can_be_polled_on() {
    scenario!(ours, of_futures, |it| {
        block_on(async {
            let mut future = Box::pin(turn());
            assert_eq!(it::poll_once(&mut future).await, Poll::Pending);
            assert_eq!(it::poll_once(&mut future).await, Poll::Ready(()));
        });
    });
}

/// futures: `lots` of `recurse.rs`.
#[test]
fn a_thousand_futures_in_each_other_give_their_sum() {
    scenario!(ours, of_futures, |it| {
        let sum = thread::spawn(|| block_on(it::sum(1000)));
        assert_eq!(sum.join().unwrap(), 500_500);
    });
}
