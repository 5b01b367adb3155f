//! A transfer whose guard undoes what was done.

use std::mem;

use super::bank::Bank;

// ANCHOR: guard
/// An amount that was taken from Ann, and that Ben does not have yet.
struct Underway<'a> {
    bank: &'a Bank,
    amount: u32,
}

impl Underway<'_> {
    fn arrives(mut self) {
        let amount = mem::take(&mut self.amount);
        self.bank.change(|balances| balances.ben += amount);
    }
}

impl Drop for Underway<'_> {
    /// Gives back what has not arrived.
    fn drop(&mut self) {
        self.bank.change(|balances| balances.ann += self.amount);
    }
}
// ANCHOR_END: guard

// ANCHOR: transfer
/// Moves an amount from Ann to Ben, once it is approved.
///
/// Cancel safety: dropped before it is ready, it gives the amount back.
pub async fn transfer(bank: &Bank, amount: u32, approval: impl Future) {
    bank.change(|balances| balances.ann -= amount);
    let underway = Underway { bank, amount };
    approval.await;
    underway.arrives();
}
// ANCHOR_END: transfer

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancellation::drop::walk::{drop_after, walk};
    use crate::futures::poll::countdown::countdown;
    use crate::proof::hostile::{OnDrop, caught};
    use std::future::poll_fn;

    #[test]
    fn it_moves_the_amount_or_gives_it_back() {
        let left = walk(|polls| {
            let bank = Bank::new();
            let ready = drop_after(polls, transfer(&bank, 40, countdown(1)));
            (ready, bank.balances().to_string())
        });
        let expected = ["Ann 100, Ben 0", "Ann 100, Ben 0", "Ann 60, Ben 40"];
        assert_eq!(left, expected);
    }

    #[test]
    fn the_amount_is_away_while_the_transfer_waits() {
        let bank = Bank::new();
        let approval = poll_fn(|_| {
            assert_eq!(bank.balances().to_string(), "Ann 60, Ben 0");
            std::task::Poll::Ready(())
        });
        assert!(drop_after(1, transfer(&bank, 40, approval)));
    }

    #[test]
    fn a_panic_gives_the_amount_back_as_a_drop_does() {
        let bank = Bank::new();
        let approval = async { drop(OnDrop::panics()) };
        caught(|| drop_after(1, transfer(&bank, 40, approval)))
            .expect_err("the approval panics");
        assert_eq!(bank.balances().to_string(), "Ann 100, Ben 0");
    }
}
