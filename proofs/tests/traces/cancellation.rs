//! The runs that the part on cancellation shows.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use listings::cancellation::cancel_safety::protocol::text;
use listings::cancellation::drop::bank::Bank;
use listings::cancellation::drop::half_done::transfer;
use listings::futures::combinators::once::poll_now;
use listings::proof::{Trace, check_trace};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

#[test]
fn a_timeout_drops_a_transfer_at_its_await() {
    let trace = Trace::new(
        "A timeout drops a transfer",
        "The runner polls the timeout, which polls the transfer, which takes \
         the money from Ann and polls the approval. All are pending. When a \
         second is over, the runner polls the timeout again. The timeout \
         polls the transfer once more, which is still pending, and is ready \
         with an error. The runner drops the timeout, and with it the \
         transfer and the approval.",
    );
    trace.participant("Runner", "Tokio").participant("Timeout", "timeout");
    trace.participant("Transfer", "transfer");
    trace.participant("Approval", "approval");
    let mut builder = Builder::new_current_thread();
    let builder = builder.enable_time().start_paused(true);
    let runtime = builder.build().expect("it starts");
    let bank = Bank::new();
    runtime.block_on(async {
        let approval = async {
            trace.note("Transfer", "has taken 40 from Ann");
            trace.future("Approval", sleep(Duration::from_secs(5))).await;
        };
        let transfer = transfer(&bank, 40, approval);
        let transfer = trace.future("Transfer", transfer);
        let timeout = timeout(Duration::from_secs(1), transfer);
        let end = trace.future("Timeout", timeout).await;
        end.expect_err("the approval takes five seconds");
    });
    assert_eq!(bank.balances().to_string(), "Ann 60, Ben 0");
    check_trace("cancellation-drop-timeout", &trace).unwrap();
}

#[test]
fn a_tick_drops_a_read_with_its_bytes() {
    let trace = Trace::new(
        "A tick drops a read that has three bytes",
        "The loop polls a read. The peer writes hel, and the read takes it. \
         Then the peer sends a tick. The loop takes the tick, drops the read \
         and makes a new one. The peer writes loworld, and the new read is \
         ready with lowor.",
    );
    trace.participant("Peer", "peer").participant("Runner", "runner");
    trace.participant("Loop", "loop").participant("Read", "read_exact");
    let (mut stream, mut other_end) = duplex(64);
    let (sender, mut ticks) = mpsc::channel(1);
    let looping = async {
        let mut message = [0; 5];
        loop {
            let read = stream.read_exact(&mut message);
            tokio::select! {
                biased;
                read = trace.future("Read", read) => {
                    read.expect("the peer writes");
                    break text(&message);
                }
                Some(()) = ticks.recv() => trace.note("Loop", "has a tick"),
            }
        }
    };
    let mut looping = pin!(trace.future("Loop", looping));
    let mut cx = Context::from_waker(Waker::noop());
    let mut write = |piece: &str| {
        let _acting = trace.act_as("Peer");
        trace.note("Peer", &format!("writes {piece}"));
        let written = poll_now(other_end.write_all(piece.as_bytes()));
        written.expect("there is room").expect("somebody reads");
    };
    assert!(looping.as_mut().poll(&mut cx).is_pending());
    write("hel");
    assert!(looping.as_mut().poll(&mut cx).is_pending());
    trace.note("Read", "has hel");
    {
        let _acting = trace.act_as("Peer");
        trace.note("Peer", "sends a tick");
        sender.try_send(()).expect("the loop listens");
    }
    assert!(looping.as_mut().poll(&mut cx).is_pending());
    write("loworld");
    let end = looping.as_mut().poll(&mut cx);
    assert_eq!(end, Poll::Ready("lowor".to_string()));
    trace.note("Loop", "has lowor");
    check_trace("cancellation-cancel-safety-lost", &trace).unwrap();
}
