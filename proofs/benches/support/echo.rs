//! Echo servers, and a client that blocks. The client runs on the thread that
//! measures, so that the time of the other threads is that of the server.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;

use listings::runtimes::{reactor, threads, timers};

use super::table::{Run, Table, workload};

/// How many bytes go there and back.
const BYTES: usize = 64;
/// For how many a server has room: a read that gives fewer has read all.
const ROOM: usize = 1024;

/// The loop of a connection, for what reads and writes by these names.
macro_rules! echo {
    ($stream:ident) => {{
        let mut buffer = [0; ROOM];
        loop {
            match $stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(read) => {
                    let written = $stream.write_all(&buffer[..read]).await;
                    written.expect("the client reads");
                }
            }
        }
    }};
}

/// A server for so many connections, which ends when they have ended.
type Server = fn(TcpListener, usize);

fn ours(listener: TcpListener, connections: usize) {
    let runtime = timers::Runtime::new().expect("a descriptor is left");
    let listener = reactor::TcpListener::new(listener, runtime.reactor());
    let listener = listener.expect("the reactor takes it");
    runtime.block_on(async {
        let mut tasks = Vec::new();
        for _ in 0..connections {
            let (stream, _) = listener.accept().await.expect("one connects");
            tasks.push(runtime.spawn(async move { echo!(stream) }));
        }
        for task in tasks {
            task.await.expect("no task fails");
        }
    });
}

fn ours_2(listener: TcpListener, connections: usize) {
    let runtime = threads::runtime::Runtime::new(2);
    let runtime = runtime.expect("a descriptor is left");
    let listener = reactor::TcpListener::new(listener, runtime.reactor());
    let listener = listener.expect("the reactor takes it");
    runtime.block_on(async {
        let mut tasks = Vec::new();
        for _ in 0..connections {
            let (stream, _) = listener.accept().await.expect("one connects");
            tasks.push(runtime.spawn(async move { echo!(stream) }));
        }
        for task in tasks {
            task.await.expect("no task fails");
        }
    });
}

fn tokio_on(
    runtime: io::Result<tokio::runtime::Runtime>,
    listener: TcpListener,
    connections: usize,
) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    runtime.expect("Tokio starts").block_on(async {
        listener.set_nonblocking(true).expect("the system can");
        let listener = tokio::net::TcpListener::from_std(listener);
        let listener = listener.expect("Tokio takes it");
        let mut tasks = Vec::new();
        for _ in 0..connections {
            let accepted = listener.accept().await;
            let (mut stream, _) = accepted.expect("one connects");
            tasks.push(tokio::spawn(async move { echo!(stream) }));
        }
        for task in tasks {
            task.await.expect("no task fails");
        }
    });
}

fn tokio(listener: TcpListener, connections: usize) {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    tokio_on(builder.enable_io().build(), listener, connections);
}

fn tokio_2(listener: TcpListener, connections: usize) {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_io().build();
    tokio_on(runtime, listener, connections);
}

async fn smol_accepts(
    listener: TcpListener,
    connections: usize,
    spawn: impl Fn(smol::net::TcpStream) -> smol::Task<()>,
) {
    let listener = smol::Async::new(listener).expect("smol takes it");
    let listener = smol::net::TcpListener::from(listener);
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let (stream, _) = listener.accept().await.expect("one connects");
        tasks.push(spawn(stream));
    }
    for task in tasks {
        task.await;
    }
}

fn smol(listener: TcpListener, connections: usize) {
    use smol::io::{AsyncReadExt, AsyncWriteExt};
    let executor = smol::LocalExecutor::new();
    let accepts = smol_accepts(listener, connections, |mut stream| {
        executor.spawn(async move { echo!(stream) })
    });
    smol::block_on(executor.run(accepts));
}

fn smol_2(listener: TcpListener, connections: usize) {
    use smol::io::{AsyncReadExt, AsyncWriteExt};
    let executor = smol::Executor::new();
    let (stop, stopped) = smol::channel::bounded::<()>(1);
    thread::scope(|scope| {
        for _ in 0..2 {
            // An error says that the sender is gone, which is the end.
            scope.spawn(|| {
                let _ = smol::block_on(executor.run(stopped.recv()));
            });
        }
        smol::block_on(smol_accepts(listener, connections, |mut stream| {
            executor.spawn(async move { echo!(stream) })
        }));
        drop(stop);
    });
}

/// Registers each socket once and reads what the system says is there.
#[cfg(target_os = "linux")]
fn epoll(listener: TcpListener, connections: usize) {
    use rustix::event::{Timespec, epoll};
    let watch = epoll::create(epoll::CreateFlags::CLOEXEC);
    let watch = watch.expect("a descriptor is left");
    let mut streams = Vec::new();
    for number in 0..connections {
        let (stream, _) = listener.accept().expect("one connects");
        stream.set_nonblocking(true).expect("the system can");
        let data = epoll::EventData::new_u64(number as u64);
        epoll::add(&watch, &stream, data, epoll::EventFlags::IN)
            .expect("epoll takes it");
        streams.push(Some(stream));
    }
    let mut buffer = [0; ROOM];
    let mut events = Vec::with_capacity(1024);
    let mut left = connections;
    while left > 0 {
        events.clear();
        let room = rustix::buffer::spare_capacity(&mut events);
        epoll::wait(&watch, room, None::<&Timespec>).expect("it can wait");
        for event in &events {
            let number = event.data.u64() as usize;
            let Some(stream) = &mut streams[number] else { continue };
            match stream.read(&mut buffer) {
                Ok(0) => {
                    streams[number] = None;
                    left -= 1;
                }
                Ok(read) => {
                    stream.write_all(&buffer[..read]).expect("it has room");
                }
                Err(why) => assert_eq!(why.kind(), io::ErrorKind::WouldBlock),
            }
        }
    }
}

/// The table of sockets.
pub const TABLE: Table = Table {
    name: "echo",
    columns: &["epoll", "ours", "tokio", "smol"],
    workloads: &[
        workload("echo-64", "64 connections", 640, 1.05),
        workload("echo-1000", "1000 connections", 2_000, 1.05),
        workload("echo-64-2", "64, two workers", 640, 1.05),
    ],
    crates: &["tokio", "smol"],
    find: |workload, column| {
        let server: Server = match (column, workload) {
            #[cfg(target_os = "linux")]
            ("epoll", _) => epoll,
            ("ours", "echo-64-2") => ours_2,
            ("tokio", "echo-64-2") => tokio_2,
            ("smol", "echo-64-2") => smol_2,
            ("ours", _) => ours,
            ("tokio", _) => tokio,
            ("smol", _) => smol,
            _ => return None,
        };
        let connections = if workload == "echo-1000" { 1000 } else { 64 };
        Some(client(server, connections))
    },
};

/// Writes to all connections, then reads from all. Operation: an echo.
fn client(server: Server, connections: usize) -> Run {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let listener = listener.expect("a port is left");
    let address = listener.local_addr().expect("it has one");
    thread::spawn(move || server(listener, connections));
    let streams: Vec<_> = (0..connections)
        .map(|_| {
            let stream = TcpStream::connect(address).expect("it is accepted");
            stream.set_nodelay(true).expect("the system can");
            stream
        })
        .collect();
    Box::new(move |operations| {
        let mut buffer = [0; BYTES];
        for _ in 0..operations / connections {
            for mut stream in &streams {
                stream.write_all(&[7; BYTES]).expect("it is open");
            }
            for mut stream in &streams {
                stream.read_exact(&mut buffer).expect("an echo comes");
            }
        }
    })
}
