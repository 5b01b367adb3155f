//! What a chat server has to stand, whatever it runs on: clients that are
//! threads with sockets of std, on loopback.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::protocol::{Ended, Limits};
use crate::proof::{skip, watchdog};
use crate::wakers::oneshot::closed::{Sender, channel};

/// No trial takes nearly as long.
pub const LIMIT: Duration = Duration::from_secs(120);

/// A server of the chapter, on its runtime.
pub trait Server: 'static {
    /// Serves until `stop` is ready and the server has ended.
    fn run(
        listener: TcpListener,
        limits: Arc<Limits>,
        stop: impl Future<Output = ()>,
    ) -> Ended;
}

/// A server on a thread of its own.
pub struct Running {
    address: SocketAddr,
    stop: Sender<()>,
    thread: JoinHandle<Ended>,
    limits: Arc<Limits>,
}

impl Running {
    pub fn start<S: Server>(limits: Limits) -> Running {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let (stop, stopped) = channel();
        let limits = Arc::new(limits);
        let its_limits = limits.clone();
        let thread = thread::spawn(move || {
            let stop = async {
                let _ = stopped.await;
            };
            S::run(listener, its_limits, stop)
        });
        Running { address, stop, thread, limits }
    }

    /// A client that has been greeted.
    pub fn join(&self) -> Client {
        let mut client = self.connect();
        let greeting = client.line().expect("a greeting");
        let name = greeting.strip_prefix("* you are ").expect("a name");
        client.name = name.to_string();
        client
    }

    pub fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_nodelay(true).expect("it is a socket");
        Client { stream: BufReader::new(stream), name: String::new() }
    }

    /// Stops the server and waits for its end.
    pub fn stop(self) -> Ended {
        self.stop.send(()).expect("it listens");
        let ended = self.thread.join().expect("it does not panic");
        // Each task of a client holds its limits.
        assert_eq!(Arc::strong_count(&self.limits), 1, "no task is left");
        ended
    }
}

pub struct Client {
    stream: BufReader<TcpStream>,
    name: String,
}

impl Client {
    pub fn send(&self, bytes: &[u8]) {
        self.stream.get_ref().write_all(bytes).expect("it is connected");
    }

    pub fn say(&self, text: &str) {
        self.send(format!("{text}\n").as_bytes());
    }

    /// The next line, or `None` at the end or when the connection is reset.
    pub fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line) {
            Ok(_) if line.ends_with('\n') => {
                line.pop();
                Some(line)
            }
            Ok(_) => None,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => None,
            Err(error) => panic!("{error}"),
        }
    }

    /// Everything to the end.
    pub fn rest(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.line()).collect()
    }

    fn ends_its_half(&self) {
        let stream = self.stream.get_ref();
        stream.shutdown(Shutdown::Write).expect("it is connected");
    }
}

/// Runs a trial with a watchdog.
pub fn watched(trial: impl FnOnce() + Send + 'static) {
    watchdog(LIMIT, trial).expect("the server hangs");
}

pub fn stops<S: Server>() {
    watched(|| {
        let server = Running::start::<S>(Limits::default());
        assert_eq!(server.stop(), Ended { aborted: 0 });
    });
}

pub fn everyone_hears_in_one_order<S: Server>() {
    watched(|| {
        let server = Running::start::<S>(Limits::default());
        let mut all = [(); 5].map(|()| server.join());
        for client in &all {
            client.say("hello");
            client.say("again");
        }
        let mut first = None;
        for client in &mut all {
            let heard = [(); 10].map(|()| client.line().expect("a line"));
            let mut sorted = heard.clone();
            sorted.sort();
            assert_eq!(sorted[0], "guest 1: again");
            assert_eq!(sorted[9], "guest 5: hello");
            assert_eq!(first.get_or_insert(heard.clone()), &heard);
        }
        drop(all);
        assert_eq!(server.stop(), Ended { aborted: 0 });
    });
}

pub fn a_name<S: Server>() {
    watched(|| {
        let server = Running::start::<S>(Limits::default());
        let mut one = server.join();
        one.say("/name Ann");
        one.say("hello");
        assert_eq!(one.line().as_deref(), Some("* guest 1 is now Ann"));
        assert_eq!(one.line().as_deref(), Some("Ann: hello"));
        server.stop();
    });
}

/// As many clients as the limit of open files allows, and no more than a
/// thousand. Client and server are one process, so each counts twice.
fn many() -> usize {
    let wanted = 1000;
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        let needed = 2 * wanted as u64 + 200;
        if limit.current.is_some_and(|current| current < needed) {
            limit.current = Some(limit.maximum.unwrap_or(needed).min(needed));
            // What was refused is seen below.
            let _ = setrlimit(Resource::Nofile, limit);
        }
        let current = getrlimit(Resource::Nofile).current.unwrap_or(needed);
        let can = (current.saturating_sub(200) / 2) as usize;
        if can < wanted {
            eprintln!("open files: {current}, so {can} clients");
            return can;
        }
    }
    wanted
}

pub fn a_thousand<S: Server>() {
    watched(|| {
        let clients = many();
        let server =
            Running::start::<S>(Limits { clients, ..Limits::default() });
        let mut all: Vec<_> = (0..clients).map(|_| server.join()).collect();
        all[0].say("hello");
        all[clients - 1].say("hello");
        for client in &mut all {
            let mut heard = [(); 2].map(|()| client.line().expect("a line"));
            heard.sort();
            let mut said = [1, clients].map(|id| format!("guest {id}: hello"));
            said.sort();
            assert_eq!(heard, said);
        }
        // Half of them go before the others.
        all.truncate(clients / 2);
        let threads = [&mut all].map(|all| {
            let mut all = std::mem::take(all);
            thread::spawn(move || all.iter_mut().map(Client::rest).collect())
        });
        let ended = server.stop();
        for thread in threads {
            let rests: Vec<Vec<String>> = thread.join().expect("no panic");
            for rest in rests {
                assert_eq!(rest, ["* the server closes"]);
            }
        }
        assert_eq!(ended, Ended { aborted: 0 });
    });
}

/// Limits and a name with which a short line becomes a long one for each
/// client, so that the buffers of the kernel are soon full.
fn long_lines() -> (Limits, String) {
    let limits = Limits { line: 1 << 14, outbox: 8, ..Limits::default() };
    (limits, "n".repeat(16_000))
}

/// So many long lines are more than the buffers of a connection hold.
const MUCH: usize = 2000;

pub fn a_slow_reader<S: Server>() {
    watched(|| {
        let (limits, name) = long_lines();
        let server = Running::start::<S>(limits);
        let mut slow = server.join();
        let mut other = server.join();
        let mut talker = server.join();
        talker.say(&format!("/name {name}"));
        for client in [&mut slow, &mut other, &mut talker] {
            client.line().expect("the new name");
        }
        let text = |i: usize| format!("{name}: {i}");
        // The kernel refuses a byte of the slow one when it was kicked.
        let mut said = 0;
        while slow.stream.get_mut().write_all(b"x").is_ok() && said < MUCH {
            talker.say(&said.to_string());
            for client in [&mut talker, &mut other] {
                assert!(client.line() == Some(text(said)), "line {said}");
            }
            said += 1;
        }
        assert!(said < MUCH, "the slow one was kicked");
        // What it gets has no gap, and an end.
        let heard = slow.rest();
        assert!(heard.len() < said);
        for (i, line) in heard.iter().enumerate() {
            assert!(*line == text(i), "line {i}");
        }
        drop((slow, talker, other));
        assert_eq!(server.stop(), Ended { aborted: 0 });
    });
}

pub fn bad_lines<S: Server>() {
    watched(|| {
        let server = Running::start::<S>(Limits::default());
        let mut good = server.join();
        let long = vec![b'a'; 5000];
        let (long_text, not_text) =
            ("* a line has at most 1024 bytes", "* a line must be UTF-8");
        let bad: [(&[u8], &str); 2] =
            [(&long, long_text), (b"\xff\xfe\nand more\n", not_text)];
        for (bytes, expected) in bad {
            let mut bad = server.join();
            bad.send(bytes);
            assert_eq!(bad.rest(), [expected]);
        }
        good.say("still here");
        assert_eq!(good.line().as_deref(), Some("guest 1: still here"));
        drop(good);
        assert_eq!(server.stop(), Ended { aborted: 0 });
    });
}

pub fn a_line_in_pieces<S: Server>() {
    watched(|| {
        let server = Running::start::<S>(Limits::default());
        let mut one = server.join();
        for byte in "\u{e4}\u{1f980}\r\n".as_bytes() {
            one.send(&[*byte]);
        }
        assert_eq!(one.line().as_deref(), Some("guest 1: \u{e4}\u{1f980}"));
        server.stop();
    });
}

pub fn half_closed<S: Server>() {
    watched(|| {
        let server = Running::start::<S>(Limits::default());
        let mut one = server.join();
        one.send(b"one\ntwo\nhalf a li");
        one.ends_its_half();
        assert_eq!(one.rest(), ["guest 1: one", "guest 1: two", "* bye"]);
        assert_eq!(server.stop(), Ended { aborted: 0 });
    });
}

pub fn a_reset<S: Server>() {
    watched(|| {
        let server = Running::start::<S>(Limits::default());
        let mut good = server.join();
        for _ in 0..10 {
            let bad = server.join();
            bad.say("I do not read this");
            good.line().expect("it reads it");
            // Closed with a line that was not read: the kernel resets.
            bad.stream.get_ref().peek(&mut [0]).expect("a line has come");
            drop(bad);
        }
        good.say("still here");
        assert_eq!(good.line().as_deref(), Some("guest 1: still here"));
        drop(good);
        assert_eq!(server.stop(), Ended { aborted: 0 });
    });
}

pub fn a_silent_client<S: Server>() {
    watched(|| {
        // Nobody else is here whom a slow machine could take for silent.
        let idle = Duration::from_millis(100);
        let server = Running::start::<S>(Limits { idle, ..Limits::default() });
        let mut half_open = server.join();
        assert_eq!(half_open.rest(), ["* you were silent for too long"]);
        drop(half_open);
        assert_eq!(server.stop(), Ended { aborted: 0 });
    });
}

/// While the first client is there, nobody else is accepted.
pub fn a_silent_client_that_does_not_read<S: Server>() {
    let trial = || {
        let (limits, name) = long_lines();
        // Long enough for the next one to be greeted on a busy machine.
        let idle = Duration::from_millis(500);
        let limits = Limits { idle, drain: idle, ..limits };
        let limits = Limits { clients: 1, outbox: MUCH, ..limits };
        let server = Running::start::<S>(limits);
        let mut stuck = server.join();
        // Each line comes back, and nobody reads it.
        let mut text = format!("/name {name}\n");
        text += &"a\n".repeat(MUCH / 2);
        stuck.send(text.as_bytes());
        let mut next = server.connect();
        assert_eq!(next.line().as_deref(), Some("* you are guest 2"));
        // What the kernel kept for it ends in the middle of a line.
        assert!(stuck.rest().len() < MUCH / 2);
        drop(next);
        server.stop();
    };
    // Without the deadline it waits forever, so this is the red verdict.
    watchdog(LIMIT / 4, trial).expect("the client stays forever");
}

pub fn more_than_allowed<S: Server>() {
    watched(|| {
        let limits = Limits { clients: 1, ..Limits::default() };
        let server = Running::start::<S>(limits);
        let mut first = server.join();
        let mut second = server.connect();
        let stream = second.stream.get_ref();
        stream.set_nonblocking(true).expect("it is a socket");
        for _ in 0..100 {
            first.say("hello");
            first.line().expect("its own line");
            let got = second.stream.get_mut().read(&mut [0]);
            assert_eq!(got.unwrap_err().kind(), ErrorKind::WouldBlock);
        }
        second.stream.get_ref().set_nonblocking(false).expect("as before");
        drop(first);
        assert_eq!(second.line().as_deref(), Some("* you are guest 2"));
        drop(second);
        assert_eq!(server.stop(), Ended { aborted: 0 });
    });
}

pub fn a_deadline<S: Server>() {
    watched(|| {
        let (limits, name) = long_lines();
        let drain = Duration::from_millis(100);
        // The outbox holds what the kernel does not.
        let limits = Limits { outbox: MUCH, drain, ..limits };
        let server = Running::start::<S>(limits);
        let stuck = server.join();
        let mut talker = server.join();
        talker.say(&format!("/name {name}"));
        talker.line().expect("its new name");
        for i in 1..MUCH / 2 {
            talker.say(&i.to_string());
            talker.line().expect("its own line");
        }
        drop(talker);
        assert_eq!(server.stop(), Ended { aborted: 1 });
        drop(stuck);
    });
}

/// Talkers that say as much as they can until the server ends. Each waits
/// for no answer.
pub fn a_shutdown_under_load<S: Server>() {
    watched(|| {
        // A runtime may open something once for the whole process.
        Running::start::<S>(Limits::default()).stop();
        let before = descriptors();
        // A client is as slow as this machine, which has much to do.
        let limits = Limits { outbox: 1 << 20, ..Limits::default() };
        let server = Running::start::<S>(limits);
        let talkers = 8;
        let warm = Arc::new(Barrier::new(talkers + 1));
        let all: Vec<_> = (0..talkers).map(|_| server.join()).collect();
        let all: Vec<_> = all
            .into_iter()
            .map(|mut client| {
                let warm = warm.clone();
                thread::spawn(move || {
                    let half = client.stream.get_ref().try_clone();
                    let mut half = half.expect("a descriptor is free");
                    let says = thread::spawn(move || {
                        let mut said = 0;
                        while half
                            .write_all(format!("{said}\n").as_bytes())
                            .is_ok()
                        {
                            said += 1;
                        }
                        said
                    });
                    let mut heard = Vec::new();
                    let own = format!("{}: ", client.name);
                    let mut acknowledged = 0;
                    while let Some(line) = client.line() {
                        acknowledged += usize::from(line.starts_with(&own));
                        heard.push(line);
                        if acknowledged == 100 {
                            warm.wait();
                            acknowledged += 1;
                        }
                    }
                    // The other half still writes.
                    let stream = client.stream.get_ref();
                    let _ = stream.shutdown(Shutdown::Both);
                    (heard, says.join().expect("no panic"))
                })
            })
            .collect();
        warm.wait();
        let ended = server.stop();
        let mut first = None;
        for thread in all {
            let (heard, said) = thread.join().expect("no panic");
            assert_eq!(heard.last().unwrap(), "* the server closes");
            assert!(heard.len() > 100 * talkers / 2 && said > 100);
            // An acknowledged line is one that its talker heard. All have
            // heard the same, so nothing that was acknowledged is lost.
            let first = first.get_or_insert_with(|| heard.clone());
            assert!(*first == heard, "{} and {}", first.len(), heard.len());
        }
        assert_eq!(ended, Ended { aborted: 0 });
        assert_eq!(descriptors(), before, "no descriptor is left");
    });
}

/// Sends this process what ctrl-c sends.
#[cfg(unix)]
pub fn interrupted<S: Server>() {
    use rustix::process::{Signal, getpid, kill_process};
    watched(|| {
        let server = Running::start::<S>(Limits::default());
        let mut one = server.join();
        // By now the server listens for the signal as well.
        one.say("hello");
        one.line().expect("its own line");
        kill_process(getpid(), Signal::INT).expect("it is this process");
        assert_eq!(one.rest(), ["* the server closes"]);
        drop(one);
        let ended = server.thread.join().expect("it does not panic");
        assert_eq!(ended, Ended { aborted: 0 });
    });
}

/// How many descriptors this process has, where that can be counted.
fn descriptors() -> Option<usize> {
    std::fs::read_dir("/proc/self/fd").ok().map(Iterator::count)
}

/// Runs a test of this program in a process of its own, where no other test
/// opens descriptors.
pub fn in_its_own_process(test: &str, run: impl FnOnce()) {
    const CHILD: &str = "CHAT_SERVER_TRIAL";
    if std::env::var_os(CHILD).is_some() {
        return run();
    }
    let Ok(program) = std::env::current_exe() else {
        return skip("the path of this program is not known");
    };
    let child = std::process::Command::new(program)
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "1")
        .output()
        .expect("it starts");
    let printed = String::from_utf8_lossy(&child.stdout);
    let errors = String::from_utf8_lossy(&child.stderr);
    assert!(printed.contains("1 passed"), "{test}:\n{printed}\n{errors}");
}

/// The tests of a server.
macro_rules! server_tests {
    ($server:ty, $path:literal) => {
        use crate::runtimes::chat_server::trial;

        #[test]
        fn what_one_says_everyone_hears_in_one_order() {
            trial::everyone_hears_in_one_order::<$server>();
        }

        #[test]
        fn a_client_may_change_its_name() {
            trial::a_name::<$server>();
        }

        #[test]
        fn a_thousand_clients_hear_a_line() {
            trial::a_thousand::<$server>();
        }

        #[test]
        fn a_client_that_does_not_read_is_kicked_and_the_others_hear_all() {
            trial::a_slow_reader::<$server>();
        }

        #[test]
        fn a_bad_line_ends_its_client_and_no_other() {
            trial::bad_lines::<$server>();
        }

        #[test]
        fn a_line_may_come_in_pieces() {
            trial::a_line_in_pieces::<$server>();
        }

        #[test]
        fn a_client_that_ends_its_half_gets_the_rest() {
            trial::half_closed::<$server>();
        }

        #[test]
        fn a_connection_that_is_reset_ends_its_client_and_no_other() {
            trial::a_reset::<$server>();
        }

        #[test]
        fn a_client_that_says_nothing_has_to_go() {
            trial::a_silent_client::<$server>();
        }

        #[test]
        fn a_silent_client_that_does_not_read_has_to_go() {
            trial::a_silent_client_that_does_not_read::<$server>();
        }

        #[test]
        fn more_clients_than_allowed_wait_until_one_leaves() {
            trial::more_than_allowed::<$server>();
        }

        #[test]
        fn a_shutdown_waits_for_a_client_that_is_stuck_until_the_deadline() {
            trial::a_deadline::<$server>();
        }

        #[test]
        fn a_shutdown_under_load_loses_nothing_that_was_acknowledged() {
            let name =
                "a_shutdown_under_load_loses_nothing_that_was_acknowledged";
            let test = format!("runtimes::chat_server::{}::{name}", $path);
            trial::in_its_own_process(&test, || {
                trial::a_shutdown_under_load::<$server>();
            });
        }
    };
}

pub(super) use server_tests;
