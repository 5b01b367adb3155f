//! Exercise to cancellation/drop.html: give the seats back, however a booking ends.

use std::cell::Cell;

// ANCHOR: stub
/// A hall with free seats.
pub struct Hall {
    pub free: Cell<u32>,
}

/// Holds so many seats while the payment is under way. Returns whether it was
/// paid. Seats that were not paid are free again when this future is gone:
/// also when it is dropped at its `.await`. Repair that.
pub async fn book<P>(hall: &Hall, seats: u32, payment: P) -> bool
where
    P: Future<Output = bool>,
{
    hall.free.set(hall.free.get() - seats);
    let paid = payment.await;
    if !paid {
        hall.free.set(hall.free.get() + seats);
    }
    paid
}
// ANCHOR_END: stub
