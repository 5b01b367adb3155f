//! The chat server on Tokio.

use std::collections::BTreeMap;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy, sink,
};
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};

use super::lines::Lines;
use super::protocol::{Ended, Limits, Why};

// ANCHOR: events
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
// ANCHOR_END: events

// ANCHOR: room
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
// ANCHOR_END: room

// ANCHOR: tell
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
// ANCHOR_END: tell

// ANCHOR: listen
/// Reads the lines of a client until it has to leave.
async fn listen(
    id: u64,
    reader: &mut (impl AsyncRead + Unpin),
    events: &mpsc::Sender<Event>,
    limits: &Limits,
) -> Why {
    let mut lines = Lines::new(limits.line);
    loop {
        let next = next_line(reader, &mut lines);
        let event = match timeout(limits.idle, next).await {
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
    reader: &mut (impl AsyncRead + Unpin),
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
// ANCHOR_END: listen

// ANCHOR: deliver
/// Writes what the room puts into the outbox, until the room drops it.
async fn deliver(
    mut outbox: mpsc::Receiver<Arc<str>>,
    writer: &mut (impl AsyncWrite + Unpin),
) -> io::Result<()> {
    while let Some(line) = outbox.recv().await {
        writer.write_all(line.as_bytes()).await?;
    }
    writer.shutdown().await
}
// ANCHOR_END: deliver

// ANCHOR: client
/// The task of one client.
async fn client(
    id: u64,
    mut reader: impl AsyncRead + Unpin,
    mut writer: impl AsyncWrite + Unpin,
    events: mpsc::Sender<Event>,
    limits: Arc<Limits>,
) {
    let (outbox, lines) = mpsc::channel(limits.outbox);
    let kick = Arc::new(Notify::new());
    let name = format!("guest {id}");
    let member = Member { name, outbox, kick: kick.clone() };
    // An error means that the room is closed. The error drops `member` and
    // with it the only sender of `lines`, so `deliver` ends at once.
    let _ = events.send(Event::Joined(id, member)).await;
    // ANCHOR_END: client
    // ANCHOR: talk
    let talk = async {
        let mut deliver = pin!(deliver(lines, &mut writer));
        tokio::select! {
            why = listen(id, &mut reader, &events, &limits) => {
                let _ = events.send(Event::Left(id, why)).await;
                timeout(limits.drain, deliver).await??;
            }
            end = &mut deliver => end?,
        }
        // ANCHOR: linger
        // Reads what the client still sends, until the client closes.
        timeout(limits.drain, copy(&mut reader, &mut sink())).await??;
        // ANCHOR_END: linger
        io::Result::Ok(())
    };
    tokio::select! {
        // An error means that the client is gone: nobody is left to tell.
        _ = talk => {}
        () = kick.notified() => {}
    }
    // The room forgets the client, unless it has done so before.
    let _ = events.send(Event::Left(id, Why::Ended)).await;
}
// ANCHOR_END: talk

// ANCHOR: serve
/// Serves until `stop` is ready, and then until all clients have read what
/// was said before, or [`Limits::drain`] is over.
pub async fn serve(
    listener: TcpListener,
    limits: Arc<Limits>,
    stop: impl Future<Output = ()>,
) -> Ended {
    let (events, inbox) = mpsc::channel(64);
    let room = tokio::spawn(room(inbox));
    let mut clients = JoinSet::new();
    let mut id = 0;
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = clients.join_next() => {}
            new = listener.accept(), if clients.len() < limits.clients => {
                let Ok((stream, _)) = new else {
                    // Too many open files, say. It would fail again at once.
                    sleep(Duration::from_millis(100)).await;
                    continue;
                };
                id += 1;
                let (reader, writer) = stream.into_split();
                let (events, limits) = (events.clone(), limits.clone());
                clients.spawn(client(id, reader, writer, events, limits));
            }
        }
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
        while clients.join_next().await.is_some() {}
    };
    let _ = timeout(limits.drain, drained).await;
    let aborted = clients.len();
    clients.shutdown().await;
    Ended { aborted }
}
// ANCHOR_END: close

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncBufReadExt, BufReader, DuplexStream, duplex};
    use tokio::time::Instant;

    use super::super::trial::{
        Running, Server, in_its_own_process, interrupted, server_tests, stops,
    };
    use super::*;
    use crate::proof::watchdog;

    /// Tokio with one thread.
    struct OnTokio;

    impl Server for OnTokio {
        fn run(
            listener: std::net::TcpListener,
            limits: Arc<Limits>,
            stop: impl Future<Output = ()>,
        ) -> Ended {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            run_on(&mut builder, listener, limits, stop)
        }
    }

    /// Tokio with two workers.
    struct OnWorkers;

    impl Server for OnWorkers {
        fn run(
            listener: std::net::TcpListener,
            limits: Arc<Limits>,
            stop: impl Future<Output = ()>,
        ) -> Ended {
            let mut builder = tokio::runtime::Builder::new_multi_thread();
            builder.worker_threads(2);
            run_on(&mut builder, listener, limits, stop)
        }
    }

    fn run_on(
        builder: &mut tokio::runtime::Builder,
        listener: std::net::TcpListener,
        limits: Arc<Limits>,
        stop: impl Future<Output = ()>,
    ) -> Ended {
        let runtime = builder.enable_all().build().expect("it starts");
        let ended = runtime.block_on(async {
            listener.set_nonblocking(true).expect("it is a socket");
            let listener = TcpListener::from_std(listener).expect("it polls");
            serve(listener, limits, stop).await
        });
        // A worker may still put the last task away.
        while runtime.metrics().num_alive_tasks() > 0 {
            std::thread::yield_now();
        }
        ended
    }

    mod one_thread {
        use super::*;
        server_tests!(OnTokio, "on_tokio::tests::one_thread");
    }

    mod two_workers {
        use super::*;
        server_tests!(OnWorkers, "on_tokio::tests::two_workers");
    }

    /// A room, and a client of it whose connection is in memory.
    fn in_memory(limits: Limits) -> BufReader<DuplexStream> {
        let (near, far) = duplex(1024);
        let (events, inbox) = mpsc::channel(64);
        tokio::spawn(room(inbox));
        let (reader, writer) = tokio::io::split(far);
        tokio::spawn(client(1, reader, writer, events, Arc::new(limits)));
        BufReader::new(near)
    }

    async fn line(client: &mut BufReader<DuplexStream>) -> String {
        let mut line = String::new();
        client.read_line(&mut line).await.expect("it is text");
        line
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_set_of_tasks_leaves_the_other_branches_of_a_select() {
        let mut clients = JoinSet::<()>::new();
        let second = Duration::from_secs(1);
        let other = tokio::select! {
            Some(_) = clients.join_next() => false,
            // The clock jumps only while the task sleeps.
            () = sleep(second) => true,
        };
        assert!(other);
    }

    #[test]
    fn a_client_that_has_left_makes_room_for_the_next() {
        let limits = Limits { clients: 1, ..Limits::default() };
        let run = || {
            let server = Running::start::<OnTokio>(limits);
            for _ in 0..100 {
                drop(server.join());
            }
            server.stop()
        };
        let ended = watchdog(Duration::from_secs(20), run);
        assert_eq!(ended.map(|ended| ended.aborted), Ok(0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_is_silent_when_its_line_takes_too_long() {
        let limits = Limits::default();
        let mut one = in_memory(limits.clone());
        assert_eq!(line(&mut one).await, "* you are guest 1\n");
        let start = Instant::now();
        // A line starts the time anew, and a byte does not.
        sleep(limits.idle / 2).await;
        one.write_all(b"here\n").await.unwrap();
        assert_eq!(line(&mut one).await, "guest 1: here\n");
        sleep(limits.idle / 2).await;
        one.write_all(b"h").await.unwrap();
        assert_eq!(line(&mut one).await, "* you were silent for too long\n");
        assert_eq!(line(&mut one).await, "");
        assert_eq!(start.elapsed().as_secs(), limits.idle.as_secs() * 3 / 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_has_to_go_and_stays_is_left_after_the_drain() {
        let limits = Limits::default();
        let mut one = in_memory(limits.clone());
        let long = vec![b'a'; limits.line + 2];
        one.write_all(&long).await.unwrap();
        line(&mut one).await;
        let text = line(&mut one).await;
        assert_eq!(text, "* a line has at most 1024 bytes\n");
        assert_eq!(line(&mut one).await, "");
        // What it sends is read and dropped, until its time is over.
        let millisecond = Duration::from_millis(1);
        sleep(limits.drain - millisecond).await;
        one.write_all(&long).await.unwrap();
        one.write_all(&long).await.unwrap();
        sleep(millisecond * 3).await;
        one.write_all(&long).await.unwrap_err();
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_client_that_does_not_read_is_left_after_the_drain() {
        let limits = Limits::default();
        let mut one = in_memory(limits.clone());
        // More than the connection holds comes back, and nobody reads it.
        one.write_all("a\n".repeat(200).as_bytes()).await.unwrap();
        let millisecond = Duration::from_millis(1);
        sleep(limits.idle + limits.drain - millisecond).await;
        one.write_all(b"x").await.unwrap();
        sleep(millisecond * 3).await;
        one.write_all(b"x").await.unwrap_err();
    }

    #[tokio::test(start_paused = true)]
    async fn the_room_hears_of_a_client_to_which_it_cannot_be_written() {
        let (_near, reader) = duplex(64);
        let (_, writer) = duplex(64);
        let (events, mut inbox) = mpsc::channel(64);
        let limits = Arc::new(Limits::default());
        tokio::spawn(client(1, reader, writer, events, limits));
        let Some(Event::Joined(1, member)) = inbox.recv().await else {
            panic!("it does not join");
        };
        assert!(member.tell(&"hello\n".into()));
        let left = inbox.recv().await;
        assert!(matches!(left, Some(Event::Left(1, Why::Ended))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_joins_while_the_room_closes_is_let_go() {
        let (events, inbox) = mpsc::channel(64);
        tokio::spawn(room(inbox));
        let joins = |id| {
            let (outbox, lines) = mpsc::channel(2);
            let (name, kick) = (String::new(), Arc::default());
            (Event::Joined(id, Member { name, outbox, kick }), lines)
        };
        let ((early, mut first), (late, mut second)) = (joins(1), joins(2));
        events.send(early).await.expect("the room is open");
        // The `send` of the late one has a place and has not filled it. With
        // several workers the room may close between these two.
        let place = events.reserve().await.expect("the room is open");
        events.send(Event::Close).await.expect("the room is open");
        events.closed().await;
        let rest = async |lines: &mut mpsc::Receiver<Arc<str>>| {
            while lines.recv().await.is_some() {}
        };
        // The clock jumps only when the room does nothing more.
        let limit = Duration::from_secs(1);
        let end = timeout(limit, rest(&mut first)).await;
        assert_eq!(end, Ok(()), "the first outbox is still open");
        place.send(late);
        let end = timeout(limit, rest(&mut second)).await;
        assert_eq!(end, Ok(()), "the second outbox is still open");
    }

    #[tokio::test]
    async fn a_burst_does_not_fill_the_outbox_of_a_client_that_reads() {
        let (near, far) = duplex(1 << 20);
        let (events, inbox) = mpsc::channel(64);
        tokio::spawn(room(inbox));
        let limits = Arc::new(Limits { outbox: 2, ..Limits::default() });
        let (reader, writer) = tokio::io::split(far);
        tokio::spawn(client(1, reader, writer, events, limits));
        let (reader, mut writer) = tokio::io::split(near);
        let mut reader = BufReader::new(reader).lines();
        writer.write_all("a\n".repeat(1000).as_bytes()).await.unwrap();
        reader.next_line().await.unwrap().expect("it is greeted");
        for _ in 0..1000 {
            let line = reader.next_line().await.unwrap();
            assert_eq!(line.as_deref(), Some("guest 1: a"));
        }
    }

    #[cfg(unix)]
    #[test]
    fn ctrl_c_closes_the_server() {
        /// Tokio, and a server that ctrl-c stops.
        struct Interrupted;

        impl Server for Interrupted {
            fn run(
                listener: std::net::TcpListener,
                limits: Arc<Limits>,
                _: impl Future<Output = ()>,
            ) -> Ended {
                let stop = async { tokio::signal::ctrl_c().await.unwrap() };
                OnTokio::run(listener, limits, stop)
            }
        }

        let test = "runtimes::chat_server::on_tokio::tests::\
                    ctrl_c_closes_the_server";
        in_its_own_process(test, interrupted::<Interrupted>);
    }

    #[test]
    fn a_server_that_is_stopped_before_it_begins_ends() {
        stops::<OnTokio>();
    }
}
