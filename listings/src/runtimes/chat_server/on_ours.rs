//! The chat server on the runtime of the book.

use std::collections::BTreeMap;
use std::future::{pending, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::lines::Lines;
use super::protocol::{Ended, Limits, Why};
use crate::futures::combinators::race::{Winner, race};
use crate::runtimes::executor::yield_now::yield_now;
use crate::runtimes::reactor::{ReadHalf, TcpListener, WriteHalf};
use crate::runtimes::threads::JoinHandle;
use crate::runtimes::threads::runtime::Runtime;
use crate::runtimes::timers::{Timers, timeout};
use crate::wakers::channel::bounded as mpsc;
use crate::wakers::notify::line::Notify;

/// What a client's task tells the room. Each client has a number.
enum Event {
    Joined(u64, Member),
    Said(u64, String),
    Left(u64, Why),
    /// The server shuts down.
    Close,
}

/// What the room knows of a client.
struct Member {
    name: String,
    /// Lines on their way to the client.
    outbox: mpsc::Sender<Arc<str>>,
    /// Tells the client's task to end at once.
    kick: Arc<Notify>,
}

/// Owns the members, and brings all lines into one order.
async fn room(mut events: mpsc::Receiver<Event>) {
    let mut members = BTreeMap::new();
    while let Some(event) = events.recv().await {
        match event {
            Event::Joined(id, member) => {
                member.tell(&format!("* you are guest {id}\n").into());
                members.insert(id, member);
            }
            Event::Said(id, text) => said(&mut members, id, &text),
            Event::Left(id, why) => {
                // Unless it was kicked, or has left before.
                if let Some(member) = members.remove(&id) {
                    member.tell(&format!("* {why}\n").into());
                }
            }
            Event::Close => break,
        }
        // The clients write what they have got before more comes.
        yield_now().await;
    }
    tell_all(&mut members, "* the server closes".to_string());
    // No outbox stays open, not even one that is still in the channel.
    drop(members);
    events.close();
    while events.recv().await.is_some() {}
}

fn said(members: &mut BTreeMap<u64, Member>, id: u64, text: &str) {
    // A client that was kicked may have said one more line.
    let Some(member) = members.get_mut(&id) else { return };
    let line = if let Some(name) = text.strip_prefix("/name ") {
        let before = std::mem::replace(&mut member.name, name.to_string());
        format!("* {before} is now {name}")
    } else {
        format!("{}: {text}", member.name)
    };
    tell_all(members, line);
}

fn tell_all(members: &mut BTreeMap<u64, Member>, line: String) {
    let line = Arc::from(line + "\n");
    members.retain(|_, member| member.tell(&line));
}

impl Member {
    /// Puts a line into the outbox and never waits. Kicks the client when
    /// its outbox is full.
    fn tell(&self, line: &Arc<str>) -> bool {
        let sent = self.outbox.try_send(line.clone()).is_ok();
        if !sent {
            self.kick.notify_one();
        }
        sent
    }
}

/// Reads the lines of a client until it has to leave.
async fn listen(
    id: u64,
    reader: &mut ReadHalf,
    events: &mpsc::Sender<Event>,
    limits: &Limits,
    timers: &Timers,
) -> Why {
    let mut lines = Lines::new(limits.line);
    loop {
        let next = next_line(reader, &mut lines);
        let event = match timeout(timers, limits.idle, next).await {
            Err(_elapsed) => return Why::Silent,
            Ok(Err(why)) => return why,
            Ok(Ok(line)) => Event::Said(id, line),
        };
        if events.send(event).await.is_err() {
            // The room is closed.
            return Why::Ended;
        }
    }
}

async fn next_line(
    reader: &mut ReadHalf,
    lines: &mut Lines,
) -> Result<String, Why> {
    let mut piece = [0; 1024];
    loop {
        if let Some(line) = lines.next_line()? {
            return Ok(line);
        }
        match reader.read(&mut piece).await? {
            0 => return Err(Why::Ended),
            n => lines.push(&piece[..n]),
        }
    }
}

/// Writes what the room puts into the outbox, until the room drops it.
async fn deliver(
    mut outbox: mpsc::Receiver<Arc<str>>,
    mut writer: WriteHalf,
) -> io::Result<()> {
    while let Some(line) = outbox.recv().await {
        writer.write_all(line.as_bytes()).await?;
    }
    // The half that writes is dropped, which ends its direction.
    Ok(())
}

// ANCHOR: client
/// The task of one client.
async fn client(
    id: u64,
    mut reader: ReadHalf,
    writer: WriteHalf,
    events: mpsc::Sender<Event>,
    limits: Arc<Limits>,
    timers: Timers,
) {
    let (outbox, lines) = mpsc::channel(limits.outbox);
    let kick = Arc::new(Notify::default());
    let name = format!("guest {id}");
    let member = Member { name, outbox, kick: kick.clone() };
    // An error means that the room is closed. The error drops `member` and
    // with it the only sender of `lines`, so `deliver` ends at once.
    let _ = events.send(Event::Joined(id, member)).await;
    // ANCHOR_END: client
    // ANCHOR: talk
    let talk = async {
        let mut deliver = pin!(deliver(lines, writer));
        let listen = listen(id, &mut reader, &events, &limits, &timers);
        match race(pin!(listen), deliver.as_mut()).await {
            Winner::Left(why) => {
                let _ = events.send(Event::Left(id, why)).await;
                let rest = timeout(&timers, limits.drain, deliver);
                rest.await.map_err(io::Error::other)??;
            }
            Winner::Right(end) => end?,
        }
        // Reads what the client still sends, until the client closes.
        let rest = async {
            while reader.read(&mut [0; 1024]).await? > 0 {
                // Else a client that sends on keeps the worker.
                yield_now().await;
            }
            io::Result::Ok(())
        };
        timeout(&timers, limits.drain, rest).await.map_err(io::Error::other)?
    };
    // An error means that the client is gone: nobody is left to tell.
    let _ = race(pin!(talk), kick.notified()).await;
    // The room forgets the client, unless it has done so before.
    let _ = events.send(Event::Left(id, Why::Ended)).await;
}
// ANCHOR_END: talk

// ANCHOR: clients
/// The tasks of the clients.
struct Clients(Vec<JoinHandle<()>>);

impl Clients {
    /// Waits until at least one has ended. It looks at all of them.
    async fn join_next(&mut self) {
        let before = self.0.len();
        poll_fn(|cx| {
            self.0.retain_mut(|task| Pin::new(task).poll(cx).is_pending());
            if self.0.len() < before { Poll::Ready(()) } else { Poll::Pending }
        })
        .await
    }

    /// Waits until all have ended.
    async fn join_all(&mut self) {
        while !self.0.is_empty() {
            self.join_next().await;
        }
    }
}
// ANCHOR_END: clients

// ANCHOR: serve
/// Serves until `stop` is ready, and then until all clients have read what
/// was said before, or [`Limits::drain`] is over.
pub async fn serve(
    runtime: &Runtime,
    listener: TcpListener,
    limits: Arc<Limits>,
    stop: impl Future<Output = ()>,
) -> Ended {
    let timers = runtime.timers();
    let (events, inbox) = mpsc::channel(64);
    let room = runtime.spawn(room(inbox));
    let mut clients = Clients(Vec::new());
    let mut id = 0;
    let mut stop = pin!(stop);
    loop {
        let may_come = clients.0.len() < limits.clients;
        let next = {
            let accept = pin!(async {
                if may_come { listener.accept().await } else { pending().await }
            });
            let ended = pin!(clients.join_next());
            race(stop.as_mut(), race(ended, accept)).await
        };
        let Winner::Right(next) = next else { break };
        let Winner::Right(new) = next else { continue };
        let Ok((stream, _)) = new else {
            // Too many open files, say. It would fail again at once.
            timers.sleep(Duration::from_millis(100)).await;
            continue;
        };
        id += 1;
        let (reader, writer) = stream.split();
        let (events, limits) = (events.clone(), limits.clone());
        let client = client(id, reader, writer, events, limits, timers.clone());
        clients.0.push(runtime.spawn(client));
    }
    // ANCHOR_END: serve
    // ANCHOR: close
    // Nobody new comes.
    drop(listener);
    // The room tells what was said so far, and drops the outboxes.
    let _ = events.send(Event::Close).await;
    // So each client's task ends when it has delivered the rest.
    let drained = async {
        let _ = room.await;
        clients.join_all().await;
    };
    let _ = timeout(timers, limits.drain, drained).await;
    let aborted = clients.0.len();
    for client in &clients.0 {
        client.abort();
    }
    clients.join_all().await;
    Ended { aborted }
}
// ANCHOR_END: close

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::Shutdown;

    use super::super::trial::{LIMIT, Server, server_tests, stops, watched};
    use super::*;
    use crate::runtimes::reactor::TcpStream;
    use crate::runtimes::reactor::net::std_pair;
    use crate::runtimes::timers;

    /// The runtime of the book, with so many workers.
    struct OnOurs<const WORKERS: usize>;

    impl<const WORKERS: usize> Server for OnOurs<WORKERS> {
        fn run(
            listener: std::net::TcpListener,
            limits: Arc<Limits>,
            stop: impl Future<Output = ()>,
        ) -> Ended {
            let runtime = Runtime::new(WORKERS).expect("it starts");
            let (reactor, timers) = (runtime.reactor(), runtime.timers());
            let listener = TcpListener::new(listener, reactor);
            let listener = listener.expect("it is a socket");
            let serve = serve(&runtime, listener, limits, stop);
            let ended = runtime.block_on(serve);
            assert_eq!(reactor.sources(), 0, "no socket is left");
            assert_eq!(timers.waiting(), 0, "no timer is left");
            ended
        }
    }

    mod one_worker {
        use super::*;
        server_tests!(OnOurs<1>, "on_ours::tests::one_worker");
    }

    mod two_workers {
        use super::*;
        server_tests!(OnOurs<2>, "on_ours::tests::two_workers");
    }

    #[test]
    fn the_room_is_the_same_text_in_both() {
        let room = |text: &'static str| {
            let lines = text.lines().skip_while(|it| *it != "enum Event {");
            lines
                .take_while(|it| !it.starts_with("/// Reads the lines"))
                .filter(|it| !it.starts_with("// ANCHOR"))
                .collect::<Vec<_>>()
        };
        let ours = room(include_str!("on_ours.rs"));
        assert!(ours.len() > 60, "{}", ours.len());
        assert_eq!(ours, room(include_str!("on_tokio.rs")));
    }

    /// Sends to the task of a client whose room is closed, and then closes
    /// or stays. Returns whether nothing is left to read, and how long the
    /// task took.
    fn lingers(
        runtime: &timers::Runtime,
        limits: Limits,
        closes: bool,
    ) -> (bool, Duration) {
        let (here, mut there) = std_pair().expect("the system has more");
        // More than one read takes.
        there.write_all(&[b'a'; 5000]).expect("it is connected");
        if closes {
            there.shutdown(Shutdown::Write).expect("it is connected");
        }
        let watch = here.try_clone().expect("a descriptor is free");
        let stream = TcpStream::new(here, runtime.reactor());
        let (reader, writer) = stream.expect("it is a socket").split();
        let timers = runtime.timers();
        let (events, _) = mpsc::channel(1);
        let (limits, its_timers) = (Arc::new(limits), timers.clone());
        let start = timers.now();
        let client = client(1, reader, writer, events, limits, its_timers);
        runtime.block_on(client);
        let at_end = matches!((&watch).read(&mut [0; 8]), Ok(0));
        (at_end, timers.now() - start)
    }

    #[test]
    fn a_client_that_has_to_go_may_say_more_until_it_closes() {
        watched(|| {
            let runtime = timers::Runtime::new().expect("it starts");
            let drain = LIMIT * 2;
            let limits = Limits { drain, ..Limits::default() };
            let (at_end, _) = lingers(&runtime, limits, true);
            assert!(at_end);
        });
    }

    #[test]
    fn a_client_that_has_to_go_and_stays_is_left_after_the_drain() {
        watched(|| {
            let runtime = timers::Runtime::with_virtual_clock();
            let runtime = runtime.expect("it starts");
            let limits = Limits::default();
            let drain = limits.drain;
            let (_, after) = lingers(&runtime, limits, false);
            assert_eq!(after, drain);
        });
    }

    #[test]
    fn a_client_that_has_to_go_and_sends_on_is_left_after_the_drain() {
        watched(|| {
            let runtime = timers::Runtime::with_virtual_clock();
            let runtime = runtime.expect("it starts");
            let limits = Limits { drain: Duration::ZERO, ..Limits::default() };
            // At each read something is there.
            let (at_end, _) = lingers(&runtime, limits, true);
            assert!(!at_end);
        });
    }

    #[test]
    fn a_server_that_is_stopped_before_it_begins_ends() {
        stops::<OnOurs<2>>();
    }
}
