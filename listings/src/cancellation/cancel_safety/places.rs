//! What is lost when a future that stands in a line is dropped.

#[cfg(test)]
pub(super) mod tests {
    use std::cell::{Cell, RefCell};
    use std::pin::Pin;

    use tokio::sync::{Mutex, MutexGuard, Notify, Semaphore, mpsc};

    use crate::cancellation::cancel_safety::harness::{Lost, cut_at_each_poll};
    use crate::futures::combinators::once::poll_now;

    /// Waits in a line.
    pub type Wait = Pin<Box<dyn Future<Output = ()>>>;

    /// We wait for something, then a rival waits behind us, and then it is
    /// given out once a turn. The result says when we and the rival had it.
    pub async fn before_a_rival<L: 'static>(
        new: impl Fn() -> L,
        wait: impl Fn(&'static L) -> Wait,
        give: impl Fn(&'static L),
    ) -> Result<usize, Lost<u32, u32>> {
        // Counts who comes first, second, and so on.
        let count = Cell::new(0);
        let comes = || {
            count.set(count.get() + 1);
            count.get()
        };
        let set_up = async || {
            count.set(0);
            let line: &'static L = Box::leak(Box::new(new()));
            (line, (line, None))
        };
        let operation = async |line: &mut &'static L| {
            wait(line).await;
            comes()
        };
        let other_side = async |there: &mut (&'static L, _), turn: usize| {
            let (line, rival) = there;
            match turn {
                0 => *rival = Some(wait(line)),
                1..4 => give(line),
                _ => {}
            }
            poll_now(rival.as_mut()?)?;
            *rival = None;
            Some(comes())
        };
        cut_at_each_poll(set_up, operation, other_side).await
    }

    /// We were first, and are behind the rival when our future is dropped.
    pub fn the_place() -> Result<usize, Lost<u32, u32>> {
        let (whole, cut) = ((vec![1, 3], vec![2]), (vec![2, 3], vec![1]));
        Err(Lost { polls: 1, whole, cut })
    }

    /// A mutex, and the guard of the one that holds it.
    struct Held {
        mutex: Mutex<()>,
        guard: RefCell<Option<MutexGuard<'static, ()>>>,
    }

    #[tokio::test]
    async fn lock_loses_the_place() {
        // It is locked by nobody at first, and its first guard is forgotten.
        let lost = before_a_rival(
            || Held { mutex: Mutex::new(()), guard: RefCell::new(None) },
            |held| {
                if let Ok(guard) = held.mutex.try_lock() {
                    *held.guard.borrow_mut() = Some(guard);
                }
                Box::pin(async {
                    let guard = held.mutex.lock().await;
                    *held.guard.borrow_mut() = Some(guard);
                })
            },
            |held| drop(held.guard.take()),
        );
        assert_eq!(lost.await, the_place());
    }

    #[tokio::test]
    async fn acquire_loses_the_place() {
        let lost = before_a_rival(
            || Semaphore::new(0),
            |line| {
                Box::pin(async {
                    let permit = line.acquire().await;
                    permit.expect("it is open").forget();
                })
            },
            |line| line.add_permits(1),
        );
        assert_eq!(lost.await, the_place());
    }

    #[tokio::test]
    async fn notified_loses_the_place() {
        let lost = before_a_rival(
            Notify::new,
            |line| Box::pin(line.notified()),
            |line| line.notify_one(),
        );
        assert_eq!(lost.await, the_place());
    }

    #[tokio::test]
    async fn reserve_loses_the_place() {
        type Channel = (mpsc::Sender<()>, RefCell<mpsc::Receiver<()>>);
        let lost = before_a_rival(
            || -> Channel {
                let (sender, receiver) = mpsc::channel(1);
                sender.try_send(()).expect("there is a place");
                (sender, RefCell::new(receiver))
            },
            |(sender, _)| {
                Box::pin(async {
                    let permit = sender.reserve().await;
                    permit.expect("somebody receives").send(());
                })
            },
            |(_, receiver)| {
                receiver.borrow_mut().try_recv().expect("it is full");
            },
        );
        assert_eq!(lost.await, the_place());
    }

    #[tokio::test]
    async fn what_notify_one_says_is_not_lost() {
        let lost = cut_at_each_poll(
            async || {
                let notify: &Notify = Box::leak(Box::default());
                (notify, notify)
            },
            async |notify: &mut &Notify| notify.notified().await,
            async |notify: &mut &Notify, turn| {
                (turn < 2).then(|| notify.notify_one())?;
                None::<()>
            },
        );
        assert_eq!(lost.await, Ok(2));
    }

    // ANCHOR: row
    #[tokio::test]
    async fn what_notify_waiters_says_is_lost() {
        let lost = cut_at_each_poll(
            async || {
                let notify: &Notify = Box::leak(Box::default());
                (notify, notify)
            },
            async |notify: &mut &Notify| notify.notified().await,
            async |notify: &mut &Notify, turn| {
                (turn < 2).then(|| notify.notify_waiters())?;
                None::<()>
            },
        );
        let (whole, cut) = ((vec![(), ()], vec![]), (vec![()], vec![]));
        assert_eq!(lost.await, Err(Lost { polls: 1, whole, cut }));
    }
    // ANCHOR_END: row
}
