//! A bank with two accounts.

use std::fmt;
use std::sync::{Mutex, PoisonError};

/// What is in each account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balances {
    pub ann: u32,
    pub ben: u32,
}

/// A bank in which Ann and Ben have an account.
#[derive(Debug)]
pub struct Bank(Mutex<Balances>);

impl Bank {
    /// A bank that keeps 100 for Ann, and nothing for Ben.
    pub fn new() -> Bank {
        Bank(Mutex::new(Balances { ann: 100, ben: 0 }))
    }

    // ANCHOR: change
    /// Changes the accounts. Nobody sees them in between.
    pub fn change(&self, change: impl FnOnce(&mut Balances)) {
        // A panic in `change` may leave the accounts half changed. The
        // next caller goes on from there.
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
    // ANCHOR_END: change

    /// The accounts as they are now.
    pub fn balances(&self) -> Balances {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Bank {
    fn default() -> Bank {
        Bank::new()
    }
}

impl fmt::Display for Balances {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ann {}, Ben {}", self.ann, self.ben)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_seen_afterwards() {
        let bank = Bank::default();
        assert_eq!(bank.balances().to_string(), "Ann 100, Ben 0");
        bank.change(|balances| balances.ben += 5);
        assert_eq!(bank.balances().to_string(), "Ann 100, Ben 5");
    }
}
