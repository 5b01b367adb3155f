//! A server that saves lines, and that stops without losing one that it has
//! acknowledged.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::fs::File;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, BufWriter};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

// ANCHOR: journal
/// A line that is to be saved, and whom to tell when it is saved.
struct Order {
    line: String,
    saved: oneshot::Sender<()>,
}

/// Owns the file. Ends when the last sender of orders is gone.
async fn journal(
    file: File,
    mut orders: mpsc::Receiver<Order>,
) -> io::Result<()> {
    let mut file = BufWriter::new(file);
    let mut batch = Vec::new();
    while orders.recv_many(&mut batch, 64).await > 0 {
        for order in &batch {
            file.write_all(order.line.as_bytes()).await?;
            file.write_all(b"\n").await?;
        }
        // First into the file, then the answer.
        file.flush().await?;
        for order in batch.drain(..) {
            // An error means that the client is gone.
            let _ = order.saved.send(());
        }
    }
    file.get_ref().sync_all().await
}
// ANCHOR_END: journal

// ANCHOR: serve
/// Serves one client, until it goes or the server is told to stop.
async fn serve<W, F>(
    mut stream: TcpStream,
    journal: mpsc::Sender<Order>,
    mut stop: watch::Receiver<bool>,
    work: W,
) -> io::Result<()>
where
    W: Fn(String) -> F,
    F: Future<Output = String>,
{
    let (reader, mut writer) = stream.split();
    let mut lines = BufReader::new(reader).lines();
    loop {
        // Between two requests the task may stop.
        let line = tokio::select! {
            line = lines.next_line() => line?,
            _ = stop.wait_for(|stop| *stop) => None,
        };
        let Some(line) = line else { return Ok(()) };
        // Inside a request the task does not look at `stop`.
        let line = work(line).await;
        let (saved, is_saved) = oneshot::channel();
        let order = Order { line, saved };
        if journal.send(order).await.is_err() || is_saved.await.is_err() {
            return Err(io::Error::other("the journal has failed"));
        }
        writer.write_all(b"saved\n").await?;
    }
}
// ANCHOR_END: serve

// ANCHOR: stop
/// How the server stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    /// How many connections were told to stop.
    pub told: usize,
    /// How many of them were aborted.
    pub aborted: usize,
}

/// The steps after the first signal.
async fn stop(
    listener: TcpListener,
    tell: watch::Sender<bool>,
    mut clients: JoinSet<io::Result<()>>,
    signals: &mut mpsc::Receiver<&'static str>,
    deadline: Duration,
) -> Stopped {
    // 1. Accept nobody any more.
    drop(listener);
    // 2. Tell the clients' tasks.
    let told = clients.len();
    tell.send_replace(true);
    // 3. Wait for these tasks, up to the deadline or the next signal.
    let all_ended = async {
        while let Some(ended) = clients.join_next().await {
            report(ended);
        }
    };
    tokio::select! {
        _ = timeout(deadline, all_ended) => {}
        Some(_) = signals.recv() => {}
    }
    // 4. Abort the tasks that are left, and wait until they are dropped.
    let aborted = clients.len();
    clients.shutdown().await;
    Stopped { told, aborted }
}
// ANCHOR_END: stop

/// Says when a client ended badly. One client does not end the server.
fn report(ended: Result<io::Result<()>, tokio::task::JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => eprintln!("a client: {error}"),
        Err(error) => eprintln!("a client: {error}"),
    }
}

/// Does `work` with each line of each client, and saves what it gives. Goes
/// on until a signal comes, and then stops: within `deadline`,
/// or at once when a second signal comes.
///
/// # Errors
/// When the journal cannot be opened or written.
// ANCHOR: run
pub async fn run<W, F>(
    listener: TcpListener,
    path: &Path,
    mut signals: mpsc::Receiver<&'static str>,
    deadline: Duration,
    work: W,
) -> io::Result<Stopped>
where
    W: Fn(String) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = String> + Send + 'static,
{
    let file = File::options().create(true).append(true).open(path).await?;
    let (to_journal, orders) = mpsc::channel(64);
    let journal = tokio::spawn(journal(file, orders));
    let (tell, told) = watch::channel(false);
    let mut clients = JoinSet::new();
    loop {
        tokio::select! {
            _ = signals.recv() => break,
            // The disk is full, for example: stop as after a signal.
            () = to_journal.closed() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let (journal, told) = (to_journal.clone(), told.clone());
                    clients.spawn(serve(stream, journal, told, work.clone()));
                }
                // Too many open files, for example: it may pass.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
            Some(ended) = clients.join_next() => report(ended),
        }
    }
    let stopped = stop(listener, tell, clients, &mut signals, deadline).await;
    // 5. The last sender goes, and the journal writes what it has and ends.
    drop(to_journal);
    journal.await.map_err(io::Error::other)??;
    Ok(stopped)
}
// ANCHOR_END: run

// ANCHOR: signals
/// Sends the name of each ctrl-c and, on Unix, of each SIGTERM.
///
/// # Errors
/// When the system refuses a signal handler.
#[cfg(unix)]
pub fn signals() -> io::Result<mpsc::Receiver<&'static str>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (sender, receiver) = mpsc::channel(2);
    for (kind, name) in [
        (SignalKind::interrupt(), "ctrl-c"),
        (SignalKind::terminate(), "SIGTERM"),
    ] {
        let (mut signal, sender) = (signal(kind)?, sender.clone());
        tokio::spawn(async move {
            while signal.recv().await.is_some() {
                if sender.send(name).await.is_err() {
                    break;
                }
            }
        });
    }
    Ok(receiver)
}
// ANCHOR_END: signals

/// Sends the name of each ctrl-c.
///
/// # Errors
/// When the system refuses a handler.
#[cfg(windows)]
pub fn signals() -> io::Result<mpsc::Receiver<&'static str>> {
    let (sender, receiver) = mpsc::channel(2);
    let mut signal = tokio::signal::windows::ctrl_c()?;
    tokio::spawn(async move {
        while signal.recv().await.is_some() {
            if sender.send("ctrl-c").await.is_err() {
                break;
            }
        }
    });
    Ok(receiver)
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::path::PathBuf;
    use std::{env, fs, process};

    use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
    use tokio::runtime::Runtime;

    use super::*;
    use crate::proof::watchdog;

    const LIMIT: Duration = Duration::from_secs(60);

    /// A file of its own, gone with the test.
    struct Journal(PathBuf);

    impl Journal {
        fn new(test: &str) -> Journal {
            let name = format!("shutdown-{}-{test}", process::id());
            let path = env::temp_dir().join(name);
            let _ = fs::remove_file(&path);
            Journal(path)
        }

        fn lines(&self) -> Vec<String> {
            let text = fs::read_to_string(&self.0).unwrap_or_default();
            text.lines().map(String::from).collect()
        }
    }

    impl Drop for Journal {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    /// A client, with the lines that were acknowledged.
    struct Client {
        answers: tokio::io::Lines<BufReader<OwnedReadHalf>>,
        writer: OwnedWriteHalf,
    }

    impl Client {
        async fn connect(address: std::net::SocketAddr) -> io::Result<Client> {
            let stream = TcpStream::connect(address).await?;
            let (reader, writer) = stream.into_split();
            let answers = BufReader::new(reader).lines();
            Ok(Client { answers, writer })
        }

        async fn send(&mut self, text: &str) -> io::Result<()> {
            self.writer.write_all(text.as_bytes()).await
        }

        /// Whether the next line was acknowledged.
        async fn is_saved(&mut self) -> bool {
            matches!(self.answers.next_line().await, Ok(Some(a)) if a == "saved")
        }
    }

    /// `hang` never ends. `slow` ends when the test says so.
    #[derive(Clone)]
    struct Work {
        begun: mpsc::UnboundedSender<String>,
        go_on: watch::Receiver<bool>,
    }

    impl Work {
        async fn on(self, line: String) -> String {
            let _ = self.begun.send(line.clone());
            let mut go_on = self.go_on;
            match line.as_str() {
                "hang" => pending().await,
                "panic" => panic!("on purpose"),
                "slow" => drop(go_on.wait_for(|go_on| *go_on).await),
                _ => {}
            }
            line
        }
    }

    struct Running {
        address: std::net::SocketAddr,
        signal: mpsc::Sender<&'static str>,
        begun: mpsc::UnboundedReceiver<String>,
        go_on: watch::Sender<bool>,
        end: tokio::task::JoinHandle<io::Result<Stopped>>,
    }

    async fn start(journal: &Journal, deadline: Duration) -> Running {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (signal, signals) = mpsc::channel(2);
        let (to_test, begun) = mpsc::unbounded_channel();
        let (go_on, told) = watch::channel(false);
        let work = Work { begun: to_test, go_on: told };
        let work = move |line| work.clone().on(line);
        let path = journal.0.clone();
        let end = tokio::spawn(async move {
            run(listener, &path, signals, deadline, work).await
        });
        Running { address, signal, begun, go_on, end }
    }

    fn watched<F: Future<Output = ()> + Send + 'static>(test: F) {
        let run = || Runtime::new().unwrap().block_on(test);
        watchdog(LIMIT, run).unwrap();
    }

    #[test]
    fn a_request_in_work_is_finished_after_the_signal() {
        watched(async {
            let journal = Journal::new("in-work");
            let mut server = start(&journal, LIMIT).await;
            let mut client = Client::connect(server.address).await.unwrap();
            client.send("slow\nnext\n").await.unwrap();
            assert_eq!(server.begun.recv().await.as_deref(), Some("slow"));
            server.signal.send("a signal").await.unwrap();
            // Until the listener is gone: the stop has begun.
            while TcpStream::connect(server.address).await.is_ok() {}
            server.go_on.send_replace(true);
            assert!(client.is_saved().await);
            let stopped = server.end.await.unwrap().unwrap();
            assert_eq!(stopped.aborted, 0);
            // The line behind it may be served or not. If so, it is saved.
            let mut saved = vec!["slow"];
            if client.is_saved().await {
                saved.push("next");
            }
            assert_eq!(journal.lines(), saved);
        });
    }

    #[test]
    fn a_client_that_waits_is_told_and_half_a_line_is_not_saved() {
        watched(async {
            let journal = Journal::new("idle");
            let server = start(&journal, LIMIT).await;
            let mut idle = Client::connect(server.address).await.unwrap();
            let mut half = Client::connect(server.address).await.unwrap();
            half.send("one\nhal").await.unwrap();
            assert!(half.is_saved().await);
            server.signal.send("a signal").await.unwrap();
            assert!(!half.is_saved().await);
            assert!(!idle.is_saved().await);
            let stopped = server.end.await.unwrap().unwrap();
            assert_eq!(stopped.aborted, 0);
            assert_eq!(journal.lines(), ["one"]);
        });
    }

    #[test]
    fn a_request_that_never_ends_is_aborted_at_the_deadline() {
        watched(async {
            let journal = Journal::new("hang");
            let mut server = start(&journal, Duration::from_millis(20)).await;
            let mut client = Client::connect(server.address).await.unwrap();
            client.send("one\n").await.unwrap();
            assert!(client.is_saved().await);
            client.send("hang\n").await.unwrap();
            server.begun.recv().await;
            server.begun.recv().await;
            server.signal.send("a signal").await.unwrap();
            assert!(!client.is_saved().await);
            let stopped = server.end.await.unwrap().unwrap();
            assert_eq!(stopped, Stopped { told: 1, aborted: 1 });
            assert_eq!(journal.lines(), ["one"]);
        });
    }

    #[test]
    fn a_second_signal_does_not_wait_for_the_deadline() {
        watched(async {
            let journal = Journal::new("twice");
            let mut server = start(&journal, LIMIT * 100).await;
            let mut client = Client::connect(server.address).await.unwrap();
            client.send("hang\n").await.unwrap();
            server.begun.recv().await;
            server.signal.send("a signal").await.unwrap();
            server.signal.send("another").await.unwrap();
            let stopped = server.end.await.unwrap().unwrap();
            assert_eq!(stopped.aborted, 1);
        });
    }

    /// Each write to `/dev/full` fails.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_journal_that_fails_ends_the_server() {
        watched(async {
            // Never dropped, so that no file is removed.
            let full = Journal(PathBuf::from("/dev/full"));
            let full = std::mem::ManuallyDrop::new(full);
            let server = start(&full, LIMIT).await;
            let mut client = Client::connect(server.address).await.unwrap();
            client.send("one\n").await.unwrap();
            assert!(!client.is_saved().await);
            // No signal was sent.
            let error = server.end.await.unwrap().unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        });
    }

    #[test]
    fn a_panic_of_one_client_is_reported_and_ends_no_other() {
        watched(async {
            let journal = Journal::new("panic");
            let server = start(&journal, LIMIT).await;
            let mut one = Client::connect(server.address).await.unwrap();
            let mut other = Client::connect(server.address).await.unwrap();
            one.send("panic\n").await.unwrap();
            assert!(!one.is_saved().await);
            other.send("two\n").await.unwrap();
            assert!(other.is_saved().await);
            server.signal.send("a signal").await.unwrap();
            server.end.await.unwrap().unwrap();
            assert_eq!(journal.lines(), ["two"]);
        });
    }

    /// The server in a process of its own, with real signals.
    #[cfg(unix)]
    mod killed {
        use std::collections::HashSet;
        use std::io::{BufRead, BufReader, Read, Write};
        use std::net::{SocketAddr, TcpStream};
        use std::process::{Child, Command, ExitStatus, Stdio};
        use std::thread;

        use rustix::process::{Pid, Signal, kill_process};

        use super::*;

        const PATH: &str = "SHUTDOWN_JOURNAL";
        const DEADLINE: &str = "SHUTDOWN_DEADLINE_MS";
        const ME: &str = concat!(
            "cancellation::shutdown::server::tests::killed::",
            "the_server_in_a_process_of_its_own"
        );

        /// No test by itself: the others start it as their child.
        #[test]
        fn the_server_in_a_process_of_its_own() {
            let Some(path) = env::var_os(PATH) else { return };
            let serve = async {
                let signals = signals().unwrap();
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                println!("\nport {}", listener.local_addr().unwrap());
                let work = |line: String| async {
                    println!("begun");
                    match line.as_str() {
                        "hang" => pending().await,
                        "slow" => sleep(Duration::from_millis(50)).await,
                        _ => {}
                    }
                    line
                };
                let deadline = env::var(DEADLINE).unwrap().parse().unwrap();
                let deadline = Duration::from_millis(deadline);
                let path = PathBuf::from(path);
                let end = run(listener, &path, signals, deadline, work);
                println!("stopped {:?}", end.await.unwrap());
            };
            Runtime::new().unwrap().block_on(serve);
        }

        struct Process {
            child: Child,
            out: BufReader<std::process::ChildStdout>,
            address: SocketAddr,
        }

        impl Process {
            fn start(journal: &Journal, deadline_ms: u32) -> Process {
                let mut child = Command::new(env::current_exe().unwrap())
                    .args(["--exact", ME, "--nocapture", "--test-threads=1"])
                    .env(PATH, &journal.0)
                    .env(DEADLINE, deadline_ms.to_string())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap();
                let mut out = BufReader::new(child.stdout.take().unwrap());
                let port = line_with(&mut out, "port ");
                Process { child, out, address: port.parse().unwrap() }
            }

            fn begun(&mut self) {
                line_with(&mut self.out, "begun");
            }

            fn kill(&self, signal: Signal) {
                let pid = Pid::from_child(&self.child);
                kill_process(pid, signal).unwrap();
            }

            /// How it ended, and what it printed at last.
            fn end(&mut self) -> (ExitStatus, String) {
                let status = self.child.wait().unwrap();
                let mut rest = String::new();
                self.out.read_to_string(&mut rest).unwrap();
                (status, rest)
            }
        }

        /// A test that fails leaves no process behind.
        impl Drop for Process {
            fn drop(&mut self) {
                let _ = self.child.kill();
                let _ = self.child.wait();
            }
        }

        fn line_with(out: &mut impl BufRead, start: &str) -> String {
            for line in out.lines() {
                if let Some(rest) = line.unwrap().strip_prefix(start) {
                    return rest.to_string();
                }
            }
            panic!("the child ended before it printed {start:?}");
        }

        /// Sends a line, and says whether it was acknowledged.
        fn save(stream: &mut TcpStream, line: &str) -> bool {
            let mut answer = [0; 6];
            let sent = stream.write_all(format!("{line}\n").as_bytes());
            sent.and_then(|()| stream.read_exact(&mut answer)).is_ok()
        }

        #[test]
        fn at_each_stage_each_signal_ends_it_and_what_it_acknowledged_is_there()
        {
            let run = || {
                for signal in [Signal::INT, Signal::TERM] {
                    for stage in ["", "one", "half", "slow", "hang"] {
                        at(stage, signal);
                    }
                }
            };
            watchdog(LIMIT, run).unwrap();
        }

        fn at(stage: &str, signal: Signal) {
            let journal = Journal::new(&format!("{stage}-{signal:?}"));
            // Only what never ends meets the deadline.
            let deadline_ms = if stage == "hang" { 100 } else { 60_000 };
            let mut server = Process::start(&journal, deadline_ms);
            let mut expected = vec![];
            let mut stream = TcpStream::connect(server.address).unwrap();
            if !stage.is_empty() {
                assert!(save(&mut stream, "one"), "{stage} {signal:?}");
                server.begun();
                expected.push("one");
            }
            match stage {
                "half" => stream.write_all(b"hal").unwrap(),
                "slow" | "hang" => {
                    stream.write_all(format!("{stage}\n").as_bytes()).unwrap();
                    server.begun();
                }
                _ => {}
            }
            server.kill(signal);
            let mut answer = String::new();
            let _ = stream.read_to_string(&mut answer);
            if stage == "slow" {
                assert_eq!(answer, "saved\n");
                expected.push("slow");
            } else {
                assert_eq!(answer, "", "{stage} {signal:?}");
            }
            let (status, rest) = server.end();
            assert!(status.success(), "{stage} {signal:?}: {rest}");
            let aborted = usize::from(stage == "hang");
            assert!(rest.contains(&format!("aborted: {aborted}")), "{rest}");
            assert_eq!(journal.lines(), expected, "{stage} {signal:?}");
        }

        /// At any moment, even without a chance to stop.
        #[test]
        fn under_load_nothing_acknowledged_is_lost() {
            let run = || {
                for signal in [Signal::TERM, Signal::KILL, Signal::INT] {
                    under_load(signal);
                }
            };
            watchdog(LIMIT, run).unwrap();
        }

        fn under_load(signal: Signal) {
            let journal = Journal::new(&format!("load-{signal:?}"));
            let mut server = Process::start(&journal, 60_000);
            let address = server.address;
            let (to_test, acknowledged) = std::sync::mpsc::channel();
            for client in 0..4 {
                let to_test = to_test.clone();
                thread::spawn(move || {
                    let mut stream = TcpStream::connect(address).unwrap();
                    for number in 0.. {
                        let line = format!("{client}-{number}");
                        if !save(&mut stream, &line) {
                            break;
                        }
                        // The test may have failed meanwhile.
                        let _ = to_test.send(line);
                    }
                });
            }
            drop(to_test);
            let mut lines: Vec<_> = acknowledged.iter().take(50).collect();
            server.kill(signal);
            // Ends when the last client has.
            lines.extend(acknowledged);
            server.end();
            let saved: HashSet<_> = journal.lines().into_iter().collect();
            for line in lines {
                assert!(saved.contains(&line), "{line} {signal:?}");
            }
        }
    }
}
