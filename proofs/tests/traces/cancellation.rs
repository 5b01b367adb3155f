//! The runs that the part on cancellation shows.

use std::time::Duration;

use listings::cancellation::drop::bank::Bank;
use listings::cancellation::drop::half_done::transfer;
use listings::proof::{Trace, check_trace};
use tokio::runtime::Builder;
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
