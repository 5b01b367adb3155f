//! What is lost when a future of our own primitives is dropped.

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use crate::cancellation::cancel_safety::harness::{Lost, cut_at_each_poll};
    use crate::cancellation::cancel_safety::places::tests::{
        before_a_rival, the_place,
    };
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::channel::bounded;
    use crate::wakers::mutex::fair::{Guard, Mutex};
    use crate::wakers::mutex::pool::{Loan, Pool, Semaphore};
    use crate::wakers::notify::line::Notify;
    use crate::wakers::oneshot::closed;

    #[test]
    fn our_recv_loses_nothing() {
        let set_up = async || {
            let (sender, receiver) = bounded::channel(4);
            (receiver, sender)
        };
        let recv = async |receiver: &mut bounded::Receiver<usize>| {
            receiver.recv().await
        };
        let sends = async |sender: &mut bounded::Sender<usize>, turn| {
            let turn = (turn < 2).then_some(turn)?;
            sender.try_send(turn).expect("there is a place");
            None::<()>
        };
        assert_eq!(block_on(cut_at_each_poll(set_up, recv, sends)), Ok(2));
    }

    #[test]
    fn our_send_loses_its_value() {
        let set_up = async || {
            let (sender, receiver) = bounded::channel(1);
            sender.try_send(0).expect("there is a place");
            ((sender, 0), receiver)
        };
        let send = async |here: &mut (bounded::Sender<usize>, usize)| {
            let (sender, last) = here;
            *last += 1;
            let value = *last;
            sender.send(value).await.expect("somebody receives");
        };
        let receives = async |receiver: &mut bounded::Receiver<usize>, _| {
            receiver.try_recv().ok()
        };
        let lost = block_on(cut_at_each_poll(set_up, send, receives));
        let got = vec![(), ()];
        let whole = (got.clone(), vec![0, 1, 2]);
        let cut = (got, vec![0, 2, 3]);
        assert_eq!(lost, Err(Lost { polls: 1, whole, cut }));
    }

    #[test]
    fn our_oneshot_receiver_that_is_lent_loses_nothing() {
        let set_up = async || {
            let (sender, receiver) = closed::channel();
            (Some(receiver), Some(sender))
        };
        let recv = async |receiver: &mut Option<closed::Receiver<usize>>| {
            let value = receiver.as_mut()?.await;
            *receiver = None;
            value.ok()
        };
        let sends = async |sender: &mut Option<closed::Sender<_>>, turn| {
            sender.take()?.send(turn).expect("somebody receives");
            None::<()>
        };
        assert_eq!(block_on(cut_at_each_poll(set_up, recv, sends)), Ok(2));
    }

    #[test]
    fn our_lock_loses_the_place() {
        type Held = (Mutex<()>, RefCell<Option<Guard<'static, ()>>>);
        let lost = before_a_rival(
            || -> Held { (Mutex::new(()), RefCell::new(None)) },
            |(mutex, held)| {
                if let Some(guard) = mutex.try_lock() {
                    *held.borrow_mut() = Some(guard);
                }
                Box::pin(async {
                    let guard = mutex.lock().await;
                    *held.borrow_mut() = Some(guard);
                })
            },
            |(_, held)| drop(held.take()),
        );
        assert_eq!(block_on(lost), the_place());
    }

    #[test]
    fn our_take_loses_the_place() {
        type Held = (Pool<()>, RefCell<Option<Loan<'static, ()>>>);
        let lost = before_a_rival(
            || -> Held { (Semaphore::with_permits(1), RefCell::new(None)) },
            |(permits, held)| {
                if let Some(permit) = permits.try_take() {
                    *held.borrow_mut() = Some(permit);
                }
                Box::pin(async {
                    let permit = permits.take().await;
                    *held.borrow_mut() = Some(permit);
                })
            },
            |(_, held)| drop(held.take()),
        );
        assert_eq!(block_on(lost), the_place());
    }

    #[test]
    fn our_notified_loses_the_place() {
        let lost = before_a_rival(
            Notify::default,
            |line| Box::pin(line.notified()),
            |line| line.notify_one(),
        );
        assert_eq!(block_on(lost), the_place());
    }

    #[test]
    fn what_our_notify_waiters_says_is_lost() {
        let lost = block_on(cut_at_each_poll(
            async || {
                let notify: &Notify = Box::leak(Box::default());
                (notify, notify)
            },
            async |notify: &mut &Notify| notify.notified().await,
            async |notify: &mut &Notify, turn| {
                (turn < 2).then(|| notify.notify_waiters())?;
                None::<()>
            },
        ));
        let (whole, cut) = ((vec![(), ()], vec![]), (vec![()], vec![]));
        assert_eq!(lost, Err(Lost { polls: 1, whole, cut }));
    }
}
