//! A transfer that can be stopped half done.

use super::bank::Bank;

// ANCHOR: transfer
/// Moves an amount from Ann to Ben, once it is approved.
///
/// Cancel safety: none. Dropped while it waits for the approval, it has taken
/// the amount from Ann, and nobody has it.
pub async fn transfer(bank: &Bank, amount: u32, approval: impl Future) {
    bank.change(|balances| balances.ann -= amount);
    approval.await;
    bank.change(|balances| balances.ben += amount);
}
// ANCHOR_END: transfer

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancellation::drop::walk::{drop_after, walk};
    use crate::futures::poll::countdown::countdown;

    #[test]
    fn a_transfer_that_is_dropped_at_its_await_loses_the_amount() {
        let sums = walk(|polls| {
            let bank = Bank::new();
            let ready = drop_after(polls, transfer(&bank, 40, countdown(1)));
            (ready, bank.balances().ann + bank.balances().ben)
        });
        assert_eq!(sums, [100, 60, 100]);
    }
}
