//! A future that believes that each poll means that its event has come.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::own_slot::{Gate, Wait};

// ANCHOR: poll
/// Waits at the gate, and believes that a second poll means: it is open.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Trusting {
    wait: Wait,
    polled: bool,
}

impl Future for Trusting {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if mem::replace(&mut self.polled, true) {
            // We were woken, so the gate is open. Is it?
            return Poll::Ready(());
        }
        Pin::new(&mut self.wait).poll(cx)
    }
}
// ANCHOR_END: poll

/// Returns a future that is ready when it is polled the second time.
pub fn trusting(gate: &Gate) -> Trusting {
    Trusting { wait: gate.wait(), polled: false }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    #[test]
    fn a_poll_without_a_wake_takes_it_through_a_closed_gate() {
        let gate = Gate::default();
        let mut future = trusting(&gate);
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut future).poll(&mut cx).is_pending());
        assert!(Pin::new(&mut future).poll(&mut cx).is_ready());
        assert!(!gate.is_open());
    }
}
