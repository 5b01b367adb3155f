//! One read of a socket, followed into the kernel and back.

use std::future::Future;
use std::io::Write;
use std::net::TcpStream;
use std::pin::pin;
use std::task::{Context, Poll};
use std::thread::{self, JoinHandle};

use listings::proof::{Trace, check_trace};
use listings::runtimes::anatomy::reactor::{Reactor, Step, connection};
use listings::runtimes::anatomy::read::read;
use listings::wakers::block_on::park::Unpark;
use listings::wakers::block_on::spin::run;

/// A reactor whose steps are recorded.
fn reactor(trace: &Trace, socket: TcpStream) -> Reactor {
    let tells = trace.clone();
    let tell = move |step| match step {
        Step::WouldBlock => {
            tells.says("Read", "Kernel", "read");
            tells.answers("Kernel", "Read", "WouldBlock");
        }
        Step::Watch => {
            tells.says("Read", "Reactor", "leave the waker");
            tells.says("Reactor", "Kernel", "watch the socket");
        }
        Step::Wait => tells.says("Reactor", "Kernel", "wait"),
        Step::Readable => {
            tells.answers("Kernel", "Reactor", "the socket has bytes");
        }
        Step::Bytes(count) => {
            tells.says("Read", "Kernel", "read");
            tells.answers("Kernel", "Read", &format!("{count} bytes"));
        }
    };
    Reactor::new(socket, tell).expect("a socket can be watched")
}

/// The other end writes when `event` has been recorded.
fn writes(trace: &Trace, mut socket: TcpStream, event: &str) -> JoinHandle<()> {
    let (tells, event) = (trace.clone(), event.to_string());
    trace.thread("Other", move || {
        tells.wait_for(&event);
        tells.says("Other", "Kernel", "write 5 bytes");
        socket.write_all(b"hello").expect("the buffer is empty");
    })
}

fn participants(trace: &Trace, runner: &str) {
    trace.participant("Runner", runner).participant("Read", "read");
    trace.participant("Reactor", "reactor").participant("Kernel", "kernel");
    trace.participant("Other", "other end");
}

#[test]
fn a_read_on_one_thread() {
    let trace = Trace::new(
        "A read on one thread",
        "The runner polls the read, which asks the kernel and would block. \
         The read leaves its waker with the reactor, which asks the kernel to \
         watch the socket. The runner calls the reactor, which waits in the \
         kernel. The other end writes. The kernel tells the reactor, which \
         wakes the runner. The second poll reads 5 bytes and is ready.",
    );
    participants(&trace, "runner");
    let (here, there) = connection().expect("there is a loopback");
    let reactor = reactor(&trace, here);
    let other = writes(&trace, there, "Reactor->>Kernel: wait");
    let mut buffer = [0; 16];
    let mut task = pin!(trace.future("Read", read(&reactor, &mut buffer)));
    let waker = reactor.waker();
    let mut cx = Context::from_waker(&waker);
    // As `one_thread::block_on` does, with a name for the call that waits.
    let count = loop {
        if let Poll::Ready(count) = task.as_mut().poll(&mut cx) {
            break count;
        }
        trace.says("Runner", "Reactor", "wait");
        let _acting = trace.act_as("Reactor");
        reactor.wait().expect("the kernel waits");
    };
    assert_eq!(count.expect("it is read"), 5);
    other.join().expect("it does not panic");
    check_trace("runtimes-anatomy-one-thread", &trace).unwrap();
}

#[test]
fn a_read_on_two_threads() {
    let trace = Trace::new(
        "A read on two threads",
        "The reactor waits in the kernel on a thread of its own. The runner \
         polls the read, which would block and leaves its waker. The reactor \
         asks the kernel to watch the socket, and the runner parks. The other \
         end writes, the kernel tells the reactor, and its thread wakes the \
         runner. The second poll reads 5 bytes and is ready.",
    );
    participants(&trace, "runner (thread 1)");
    trace.participant("Reactor", "reactor (thread 2)");
    let (here, there) = connection().expect("there is a loopback");
    let reactor = std::sync::Arc::new(reactor(&trace, here));
    let waits = reactor.clone();
    let driver = trace.thread("Reactor", move || {
        waits.wait().expect("the kernel waits");
    });
    trace.wait_for("Reactor->>Kernel: wait");
    let other = writes(&trace, there, "parks");
    let mut buffer = [0; 16];
    let task = trace.future("Read", read(&reactor, &mut buffer));
    let waker =
        std::task::Waker::from(std::sync::Arc::new(Unpark(thread::current())));
    let count = run(task, &waker, || {
        trace.note("Runner", "parks");
        thread::park();
    });
    assert_eq!(count.expect("it is read"), 5);
    other.join().expect("it does not panic");
    driver.join().expect("it does not panic");
    check_trace("runtimes-anatomy-two-threads", &trace).unwrap();
}
