include!(concat!(env!("OUT_DIR"), "/stamped.rs"));

use std::cell::{Cell, RefCell};
use std::marker::PhantomPinned;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use exercises::{differs, watched, why};
use stamped::stamped;

const PAGE: &str =
    "pinning/projection.html#deeper-projection-by-hand-with-unsafe";
const UNPIN: &str =
    "pinning/projection.html#which-fields-decide-whether-the-struct-is-unpin";
const HANGS: &str = "`poll` does not come back: it polls the future inside \
                     once and then has to answer.";

/// A future that notes where it is, at each poll and when it is dropped.
struct Placed {
    places: Rc<RefCell<Vec<usize>>>,
    left: Cell<u32>,
    _stays: PhantomPinned,
}

impl Placed {
    fn note(&self) {
        let place = std::ptr::from_ref(self).addr();
        self.places.borrow_mut().push(place);
    }
}

impl Future for Placed {
    type Output = char;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<char> {
        self.note();
        match self.left.get() {
            0 => Poll::Ready('v'),
            left => {
                self.left.set(left - 1);
                Poll::Pending
            }
        }
    }
}

impl Drop for Placed {
    fn drop(&mut self) {
        self.note();
    }
}

fn placed(left: u32) -> (Placed, Rc<RefCell<Vec<usize>>>) {
    let places = Rc::new(RefCell::new(Vec::new()));
    let left = Cell::new(left);
    (Placed { places: places.clone(), left, _stays: PhantomPinned }, places)
}

#[test]
fn the_polls_are_counted() {
    watched(PAGE, HANGS, || {
        let (future, _) = placed(2);
        let mut future = pin!(stamped(future));
        let mut cx = Context::from_waker(Waker::noop());
        let answers = [(); 3].map(|()| future.as_mut().poll(&mut cx));
        let expected = [Poll::Pending, Poll::Pending, Poll::Ready(('v', 3))];
        let rule = "Each poll is one poll of the future inside, and counts.";
        assert_eq!(answers, expected, "{}", differs(PAGE, rule));
    });
}

#[test]
fn the_future_inside_stays_until_it_is_dropped() {
    watched(PAGE, HANGS, || {
        let (future, places) = placed(9);
        {
            let mut future = pin!(stamped(future));
            let mut cx = Context::from_waker(Waker::noop());
            let _ = future.as_mut().poll(&mut cx);
            let _ = future.as_mut().poll(&mut cx);
        }
        let places = places.take();
        let rule = "The future inside is not `Unpin`. From its first poll it \
                    has to stay at one place, and it is dropped there: do not \
                    take it out, and do not put it into a box.";
        let same = places.iter().all(|place| *place == places[0]);
        assert!(places.len() == 3 && same, "{}", why(PAGE, rule));
    });
}

#[test]
fn it_may_move_only_if_the_future_inside_may() {
    struct Asks<T>(std::marker::PhantomData<T>);
    impl<T: Unpin> Asks<T> {
        #[allow(dead_code)]
        fn is_unpin(&self) -> bool {
            true
        }
    }
    trait Otherwise {
        fn is_unpin(&self) -> bool {
            false
        }
    }
    impl<T> Otherwise for Asks<T> {}
    fn asks<T>(_: &T) -> Asks<T> {
        Asks(std::marker::PhantomData)
    }
    watched(UNPIN, HANGS, || {
        // A poll, so that a stub fails here as well.
        let mut cx = Context::from_waker(Waker::noop());
        let ready = pin!(stamped(std::future::ready('r'))).poll(&mut cx);
        assert!(ready.is_ready());
        let rule = "`Stamped` pins its field, so it may be `Unpin` only if \
                    the field is. Write no `Unpin` by hand.";
        let placed = stamped(placed(0).0);
        assert!(!asks(&placed).is_unpin(), "{}", why(UNPIN, rule));
    });
}
