//! What is lost when a wait for time or for a task is dropped.

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::time::Duration;

    use futures::StreamExt;
    use futures::stream::FuturesUnordered;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::sync::{mpsc, oneshot};
    use tokio::task::{JoinHandle, JoinSet, yield_now};
    use tokio::time::{Instant, Interval, advance, interval, sleep, timeout};

    use crate::cancellation::cancel_safety::harness::{Lost, cut_at_each_poll};
    use crate::cancellation::cancel_safety::protocol::text;

    const SECOND: Duration = Duration::from_secs(1);

    /// A second a turn.
    async fn a_second(_: &mut (), _: usize) -> Option<()> {
        advance(SECOND).await;
        None
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleep_loses_the_time_that_is_over() {
        let sleep = async |start: &mut Instant| {
            sleep(3 * SECOND).await;
            start.elapsed().as_secs()
        };
        let set_up = async || (Instant::now(), ());
        let lost = cut_at_each_poll(set_up, sleep, a_second).await;
        let (whole, cut) = ((vec![3, 6], vec![]), (vec![4, 7], vec![]));
        assert_eq!(lost, Err(Lost { polls: 1, whole, cut }));
    }

    #[tokio::test(start_paused = true)]
    async fn tick_loses_nothing() {
        let set_up = async || {
            let mut interval = interval(3 * SECOND);
            interval.tick().await;
            ((Instant::now(), interval), ())
        };
        let tick = async |here: &mut (Instant, Interval)| {
            let (start, interval) = here;
            interval.tick().await;
            start.elapsed().as_secs()
        };
        let safe = cut_at_each_poll(set_up, tick, a_second).await;
        assert_eq!(safe, Ok(4));
    }

    #[tokio::test]
    async fn a_timeout_around_recv_loses_no_value() {
        let set_up = async || {
            let (sender, receiver) = mpsc::channel(4);
            (receiver, sender)
        };
        let recv = async |receiver: &mut mpsc::Receiver<usize>| {
            timeout(3600 * SECOND, receiver.recv()).await
        };
        let sends = async |sender: &mut mpsc::Sender<usize>, turn| {
            let turn = (turn < 2).then_some(turn)?;
            sender.try_send(turn).expect("there is a place");
            None::<()>
        };
        assert_eq!(cut_at_each_poll(set_up, recv, sends).await, Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeout_made_anew_loses_the_time_that_is_over() {
        let recv = async |start: &mut Instant| {
            let (_sender, mut receiver) = mpsc::channel::<()>(1);
            let end = timeout(3 * SECOND, receiver.recv()).await;
            end.expect_err("nothing is sent");
            start.elapsed().as_secs()
        };
        let set_up = async || (Instant::now(), ());
        let lost = cut_at_each_poll(set_up, recv, a_second).await;
        let (whole, cut) = ((vec![3, 6], vec![]), (vec![4, 7], vec![]));
        assert_eq!(lost, Err(Lost { polls: 1, whole, cut }));
    }

    #[tokio::test]
    async fn a_timeout_around_read_exact_loses_bytes() {
        let read = async |stream: &mut DuplexStream| {
            let mut two = [0; 2];
            let read = stream.read_exact(&mut two);
            let read = timeout(3600 * SECOND, read).await;
            read.expect("an hour is enough").expect("it works");
            text(&two)
        };
        let writes = async |stream: &mut DuplexStream, turn: usize| {
            let letter = ["a", "b", "c", "d", "e"].get(turn)?;
            stream.write_all(letter.as_bytes()).await.expect("it fits");
            None::<()>
        };
        let set_up = async || duplex(64);
        let lost = cut_at_each_poll(set_up, read, writes).await;
        let lost = lost.expect_err("the timeout drops what is in it");
        assert_eq!(
            (lost.polls, lost.whole.0),
            (2, vec!["ab".into(), "cd".into()])
        );
        assert_eq!(lost.cut.0, ["bc", "de"]);
    }

    #[tokio::test]
    async fn join_next_loses_nothing() {
        let set_up = async || {
            let (mut set, mut gates) = (JoinSet::new(), Vec::new());
            for number in [2, 1] {
                let (gate, opened) = oneshot::channel::<()>();
                gates.push(gate);
                set.spawn(async move { opened.await.map(|()| number) });
            }
            (set, gates)
        };
        let join = async |set: &mut JoinSet<_>| {
            set.join_next().await.map(|end| end.expect("it does not panic"))
        };
        let opens = async |gates: &mut Vec<oneshot::Sender<()>>, _| {
            gates.pop()?.send(()).expect("a task waits");
            yield_now().await;
            None::<()>
        };
        assert_eq!(cut_at_each_poll(set_up, join, opens).await, Ok(2));
    }

    #[tokio::test]
    async fn a_join_handle_that_is_lent_loses_nothing() {
        let set_up = async || {
            let (gate, opened) = oneshot::channel::<()>();
            let task = tokio::spawn(async { opened.await.map(|()| 7) });
            (Some(task), Some(gate))
        };
        type Task = Option<JoinHandle<Result<u32, oneshot::error::RecvError>>>;
        let join = async |task: &mut Task| {
            let end = task.as_mut()?.await;
            *task = None;
            end.expect("it does not panic").ok()
        };
        let opens = async |gate: &mut Option<oneshot::Sender<()>>, _| {
            gate.take()?.send(()).expect("the task waits");
            yield_now().await;
            None::<()>
        };
        assert_eq!(cut_at_each_poll(set_up, join, opens).await, Ok(2));
    }

    type Ends = (mpsc::Receiver<usize>, mpsc::Receiver<usize>);

    // ANCHOR: row
    #[tokio::test]
    async fn a_join_of_two_loses_what_the_first_has_got() {
        let set_up = async || {
            let ((a, from_a), (b, from_b)) =
                (mpsc::channel(9), mpsc::channel(9));
            ((from_a, from_b), (a, b))
        };
        let both = async |(a, b): &mut Ends| tokio::join!(a.recv(), b.recv());
        type Senders = (mpsc::Sender<usize>, mpsc::Sender<usize>);
        let sends = async |(a, b): &mut Senders, turn: usize| {
            let to = if turn.is_multiple_of(2) { a } else { b };
            // Three values each.
            (turn < 6).then(|| to.try_send(turn / 2))?.expect("it fits");
            None::<()>
        };
        let lost = cut_at_each_poll(set_up, both, sends).await;
        let lost = lost.expect_err("the value of the first is lost");
        let pair = |a, b| (Some(a), Some(b));
        assert_eq!(lost.polls, 2);
        assert_eq!(lost.whole.0, [pair(0, 0), pair(1, 1)]);
        assert_eq!(lost.cut.0, [pair(1, 0), pair(2, 1)]);
    }
    // ANCHOR_END: row

    #[tokio::test]
    async fn next_of_futures_unordered_loses_nothing() {
        type Job = Pin<Box<dyn Future<Output = u32>>>;
        let set_up = async || {
            let (jobs, mut gates) =
                (FuturesUnordered::<Job>::new(), Vec::new());
            for number in [2, 1] {
                let (gate, opened) = oneshot::channel::<()>();
                gates.push(gate);
                jobs.push(Box::pin(async move {
                    opened.await.expect("it is opened");
                    number
                }));
            }
            (jobs, gates)
        };
        let next = async |jobs: &mut FuturesUnordered<Job>| jobs.next().await;
        let opens = async |gates: &mut Vec<oneshot::Sender<()>>, _| {
            gates.pop()?.send(()).expect("a job waits");
            None::<()>
        };
        assert_eq!(cut_at_each_poll(set_up, next, opens).await, Ok(2));
    }
}
