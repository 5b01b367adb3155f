include!(concat!(env!("OUT_DIR"), "/seats.rs"));

use std::cell::Cell;
use std::future::ready;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use exercises::{Task, differs, probe, watched, why};
use seats::{Hall, book};

const PAGE: &str = "cancellation/drop.html#leave-nothing-half-done-at-an-await";
const HANGS: &str = "The booking does not end.";

#[test]
fn a_booking_that_is_dropped_at_its_await_gives_the_seats_back() {
    watched(PAGE, HANGS, || {
        let hall = Hall { free: Cell::new(10) };
        let (payment, _remote) = probe();
        let mut booking = Box::pin(book(&hall, 4, payment));
        assert!(Task::new().poll(&mut booking).is_pending());
        let rule = "While a payment is under way, its seats are held: nobody \
                    else may book them.";
        assert_eq!(hall.free.get(), 6, "{}", differs(PAGE, rule));
        drop(booking);
        let rule = "The future was dropped while it waited for the payment, \
                    and no line after the `.await` ran. What runs when a \
                    future is dropped?";
        assert_eq!(hall.free.get(), 10, "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_payment_that_panics_gives_the_seats_back() {
    watched(PAGE, HANGS, || {
        let hall = Hall { free: Cell::new(10) };
        let payment = async { panic!("the card reader is broken") };
        let mut booking = Box::pin(book(&hall, 4, payment));
        let poll = || Task::new().poll(&mut booking);
        let ended = catch_unwind(AssertUnwindSafe(poll));
        let rule = "The payment panicked, and the booking went on.";
        assert!(ended.is_err(), "{}", why(PAGE, rule));
        let rule = "A panic in the payment leaves the booking, and no line \
                    after the `.await` ran.";
        assert_eq!(hall.free.get(), 10, "{}", differs(PAGE, rule));
    });
}

#[test]
fn only_what_is_paid_stays_booked() {
    watched(PAGE, HANGS, || {
        let hall = Hall { free: Cell::new(10) };
        let task = Task::new();
        let (payment, _remote) = probe();
        let mut dropped = Box::pin(book(&hall, 1, payment));
        assert!(task.poll(&mut dropped).is_pending());
        let mut refused = Box::pin(book(&hall, 2, ready(false)));
        assert_eq!(task.poll(&mut refused), Poll::Ready(false));
        let mut paid = Box::pin(book(&hall, 3, ready(true)));
        assert_eq!(task.poll(&mut paid), Poll::Ready(true));
        drop((dropped, refused, paid));
        let rule = "One booking of 1 seat was dropped, one of 2 was refused, \
                    and one of 3 was paid. Each seat that is not paid comes \
                    back, and comes back once.";
        assert_eq!(hall.free.get(), 7, "{}", differs(PAGE, rule));
    });
}
