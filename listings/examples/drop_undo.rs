//! Three transfers, each dropped while it waits for the approval.

use listings::cancellation::drop::bank::Bank;
use listings::cancellation::drop::walk::drop_after;
use listings::cancellation::drop::{half_done, together, undone};
use listings::futures::poll::countdown::countdown;
use scopeguard::ScopeGuard;

// ANCHOR: program
async fn transfer(bank: &Bank, amount: u32, approval: impl Future) {
    bank.change(|balances| balances.ann -= amount);
    let underway = scopeguard::guard(amount, |amount| {
        bank.change(|balances| balances.ann += amount);
    });
    approval.await;
    let amount = ScopeGuard::into_inner(underway);
    bank.change(|balances| balances.ben += amount);
}

fn main() {
    for version in ["half_done", "together", "undone", "scopeguard"] {
        let dropped = Bank::new();
        assert!(!drop_after(1, run(&dropped, version)));
        let ready = Bank::new();
        assert!(drop_after(2, run(&ready, version)));
        let (dropped, ready) = (dropped.balances(), ready.balances());
        println!("{version}: dropped {dropped}; ready {ready}");
    }
}
// ANCHOR_END: program

/// Transfers 40 with the version of this name. The approval is pending once.
async fn run(bank: &Bank, version: &str) {
    let approval = countdown(1);
    match version {
        "half_done" => half_done::transfer(bank, 40, approval).await,
        "together" => together::transfer(bank, 40, approval).await,
        "undone" => undone::transfer(bank, 40, approval).await,
        _ => transfer(bank, 40, approval).await,
    }
}
