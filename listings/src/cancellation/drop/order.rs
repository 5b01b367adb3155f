//! An order of a shop, which notes each of its steps.

use std::cell::RefCell;

use crate::futures::poll::countdown::countdown;

// ANCHOR: order
/// Handles an order, and notes each step. Is pending twice.
pub async fn order(log: &RefCell<Vec<&'static str>>) {
    let note = |step| log.borrow_mut().push(step);
    note("charge");
    note("receipt");
    countdown(1).await; // the warehouse looks for the goods
    note("pack");
    countdown(1).await; // the truck comes
    note("ship");
}
// ANCHOR_END: order

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancellation::drop::walk::{drop_after, walk};
    use std::future::ready;

    #[test]
    fn an_order_stops_at_an_await_and_nowhere_else() {
        let logs = walk(|polls| {
            let log = RefCell::default();
            let ready = drop_after(polls, order(&log));
            (ready, log.into_inner().join(" "))
        });
        let expected = [
            "",
            "charge receipt",
            "charge receipt pack",
            "charge receipt pack ship",
        ];
        assert_eq!(logs, expected);
    }

    #[test]
    fn an_await_that_need_not_wait_is_no_place_to_stop() {
        let logs = walk(|polls| {
            let log = RefCell::new(String::new());
            let two_letters = async {
                log.borrow_mut().push('a');
                ready(()).await;
                log.borrow_mut().push('b');
            };
            let is_ready = drop_after(polls, two_letters);
            (is_ready, log.into_inner())
        });
        assert_eq!(logs, ["", "ab"]);
    }
}
