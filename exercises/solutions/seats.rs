//! Seats that are free again, however a booking ends.

use std::cell::Cell;

/// A hall with free seats.
pub struct Hall {
    pub free: Cell<u32>,
}

/// Seats that are held and not paid yet.
struct Held<'a> {
    hall: &'a Hall,
    seats: u32,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.hall.free.set(self.hall.free.get() + self.seats);
    }
}

/// Holds so many seats while the payment is under way. Returns whether it was
/// paid. Seats that were not paid are free again when this future is gone.
pub async fn book<P>(hall: &Hall, seats: u32, payment: P) -> bool
where
    P: Future<Output = bool>,
{
    hall.free.set(hall.free.get() - seats);
    let mut held = Held { hall, seats };
    let paid = payment.await;
    if paid {
        held.seats = 0;
    }
    paid
}
