//! The run that the chapter on choosing a runtime shows.

use std::io::Write;
use std::thread;

use listings::proof::{Trace, check_trace};
use listings::runtimes::reactor::net::std_pair;
use listings::wakers::block_on::flag::block_on;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::runtime::Builder;

#[test]
fn a_future_is_polled_on_one_thread_and_woken_by_another_runtime() {
    let trace = Trace::new(
        "Polled by block_on, woken by Tokio",
        "A thread that has entered a Tokio runtime polls a future with \
         block_on. The future registers a socket with Tokio's reactor and is \
         pending. A byte arrives, a worker of Tokio wakes the future, and \
         block_on polls it again. The future is ready.",
    );
    trace.participant("Runner", "block_on");
    trace.participant("Read", "future");
    trace.participant("Driver", "Tokio's worker");
    let tokio = Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("Driver")
        .enable_all()
        .build()
        .unwrap();
    let (here, mut there) = std_pair().unwrap();
    here.set_nonblocking(true).unwrap();
    let calls = trace.clone();
    let read = async move {
        calls.says("Read", "Driver", "watch this socket");
        let mut here = TcpStream::from_std(here).unwrap();
        assert_eq!(here.read_u8().await.unwrap(), b'x');
    };
    let sends = {
        let trace = trace.clone();
        thread::spawn(move || {
            trace.wait_for("Read-->>Runner: Pending");
            trace.note("Driver", "a byte arrives");
            there.write_all(b"x").unwrap();
            there
        })
    };
    let _entered = tokio.enter();
    block_on(trace.future("Read", read));
    drop(sends.join().unwrap());
    check_trace("runtimes-choosing-entered", &trace).unwrap();
}
