//! What is lost when a send or a receive is dropped.

#[cfg(test)]
mod tests {
    use futures::channel::mpsc as futures_mpsc;
    use futures::{SinkExt, StreamExt};
    use tokio::sync::{broadcast, mpsc, oneshot, watch};

    use crate::cancellation::cancel_safety::harness::{Lost, cut_at_each_poll};

    /// Two values, one in each of the first turns.
    fn value(turn: usize) -> Option<usize> {
        (turn < 2).then_some(turn + 1)
    }

    #[tokio::test]
    async fn recv_loses_nothing() {
        let set_up = async || {
            let (sender, receiver) = mpsc::channel(4);
            (receiver, sender)
        };
        let recv =
            async |receiver: &mut mpsc::Receiver<usize>| receiver.recv().await;
        let sends = async |sender: &mut mpsc::Sender<usize>, turn| {
            sender.try_send(value(turn)?).expect("there is a place");
            None::<()>
        };
        assert_eq!(cut_at_each_poll(set_up, recv, sends).await, Ok(2));
    }

    #[tokio::test]
    async fn a_broadcast_recv_loses_nothing() {
        let set_up = async || {
            let (sender, receiver) = broadcast::channel(4);
            (receiver, sender)
        };
        let recv = async |receiver: &mut broadcast::Receiver<usize>| {
            receiver.recv().await
        };
        let sends = async |sender: &mut broadcast::Sender<usize>, turn| {
            sender.send(value(turn)?).expect("somebody receives");
            None::<()>
        };
        assert_eq!(cut_at_each_poll(set_up, recv, sends).await, Ok(2));
    }

    #[tokio::test]
    async fn changed_loses_nothing() {
        let set_up = async || {
            let (sender, receiver) = watch::channel(0);
            (receiver, sender)
        };
        let changed = async |receiver: &mut watch::Receiver<usize>| {
            receiver.changed().await.expect("the sender is there");
            *receiver.borrow()
        };
        let sends = async |sender: &mut watch::Sender<usize>, turn| {
            sender.send_replace(value(turn)?);
            None::<()>
        };
        assert_eq!(cut_at_each_poll(set_up, changed, sends).await, Ok(2));
    }

    #[tokio::test]
    async fn a_oneshot_receiver_that_is_lent_loses_nothing() {
        let set_up = async || {
            let (sender, receiver) = oneshot::channel();
            (Some(receiver), Some(sender))
        };
        type Receiver = Option<oneshot::Receiver<usize>>;
        let recv = async |receiver: &mut Receiver| {
            let value = receiver.as_mut()?.await;
            *receiver = None;
            value.ok()
        };
        let sends = async |sender: &mut Option<oneshot::Sender<_>>, turn| {
            sender.take()?.send(value(turn)?).expect("somebody receives");
            None::<()>
        };
        assert_eq!(cut_at_each_poll(set_up, recv, sends).await, Ok(2));
    }

    type Numbers = (mpsc::Sender<usize>, usize);

    /// A channel with one place, which is filled. The next value is 1.
    async fn full() -> (Numbers, mpsc::Receiver<usize>) {
        let (sender, receiver) = mpsc::channel(1);
        sender.try_send(0).expect("there is a place");
        ((sender, 0), receiver)
    }

    async fn receives(
        receiver: &mut mpsc::Receiver<usize>,
        _: usize,
    ) -> Option<usize> {
        receiver.try_recv().ok()
    }

    // ANCHOR: row
    #[tokio::test]
    async fn send_loses_its_value() {
        let send = async |here: &mut Numbers| {
            let (sender, last) = here;
            *last += 1;
            let value = *last;
            sender.send(value).await.expect("somebody receives");
        };
        let lost = cut_at_each_poll(full, send, receives).await;
        let got = vec![(), ()];
        let whole = (got.clone(), vec![0, 1, 2]);
        let cut = (got, vec![0, 2, 3]);
        assert_eq!(lost, Err(Lost { polls: 1, whole, cut }));
    }
    // ANCHOR_END: row

    #[tokio::test]
    async fn reserve_has_no_value_to_lose() {
        let send = async |here: &mut Numbers| {
            let (sender, last) = here;
            let permit = sender.reserve().await.expect("somebody receives");
            *last += 1;
            permit.send(*last);
        };
        let safe = cut_at_each_poll(full, send, receives).await;
        assert_eq!(safe, Ok(2));
    }

    #[tokio::test]
    async fn next_of_a_stream_loses_nothing() {
        let set_up = async || {
            let (sender, receiver) = futures_mpsc::channel(4);
            (receiver, sender)
        };
        type Receiver = futures_mpsc::Receiver<usize>;
        let next = async |receiver: &mut Receiver| receiver.next().await;
        let sends = async |sender: &mut futures_mpsc::Sender<_>, turn| {
            sender.try_send(value(turn)?).expect("there is a place");
            None::<()>
        };
        assert_eq!(cut_at_each_poll(set_up, next, sends).await, Ok(2));
    }

    #[tokio::test]
    async fn send_to_a_sink_loses_its_value() {
        let set_up = async || {
            let (mut sender, receiver) = futures_mpsc::channel(0);
            sender.try_send(0).expect("there is a place");
            ((sender, 0), receiver)
        };
        type Sender = (futures_mpsc::Sender<usize>, usize);
        let send = async |here: &mut Sender| {
            let (sender, last) = here;
            *last += 1;
            let value = *last;
            sender.send(value).await.expect("somebody receives");
        };
        let receives = async |receiver: &mut futures_mpsc::Receiver<_>, _| {
            receiver.try_recv().ok()
        };
        let lost = cut_at_each_poll(set_up, send, receives).await;
        let got = vec![(), ()];
        let whole = (got.clone(), vec![0, 1, 2]);
        let cut = (got, vec![0, 2, 3]);
        assert_eq!(lost, Err(Lost { polls: 1, whole, cut }));
    }
}
