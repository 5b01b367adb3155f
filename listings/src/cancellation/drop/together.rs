//! A transfer that waits first, and then does everything without an `.await`.

use super::bank::Bank;

// ANCHOR: transfer
/// Moves an amount from Ann to Ben, once it is approved.
///
/// Cancel safety: dropped before it is ready, it has changed nothing.
pub async fn transfer(bank: &Bank, amount: u32, approval: impl Future) {
    approval.await;
    bank.change(|balances| {
        balances.ann -= amount;
        balances.ben += amount;
    });
}
// ANCHOR_END: transfer

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancellation::drop::walk::{drop_after, walk};
    use crate::futures::poll::countdown::countdown;

    #[test]
    fn it_moves_the_amount_or_changes_nothing() {
        let left = walk(|polls| {
            let bank = Bank::new();
            let ready = drop_after(polls, transfer(&bank, 40, countdown(1)));
            (ready, bank.balances().to_string())
        });
        let expected = ["Ann 100, Ben 0", "Ann 100, Ben 0", "Ann 60, Ben 40"];
        assert_eq!(left, expected);
    }
}
