include!(concat!(env!("OUT_DIR"), "/weak.rs"));

use std::mem::ManuallyDrop;
use std::sync::{Arc, Weak};

use exercises::{differs, watched};
use weak::{Bell, waker};

const PAGE: &str = "wakers/raw-waker.html#rawwakervtable-four-functions";
const HANGS: &str = "One of the four functions does not come back.";

/// Weak handles to spare, which are never given back: a table that takes too
/// much frees nothing too early.
type Spare = ManuallyDrop<Vec<Weak<Bell>>>;

fn spare(bell: &Arc<Bell>) -> Spare {
    ManuallyDrop::new(
        vec![(); 100].into_iter().map(|()| Arc::downgrade(bell)).collect(),
    )
}

struct Run {
    bell: Arc<Bell>,
    spare: Spare,
}

impl Run {
    fn new() -> Run {
        let bell = Arc::new(Bell::default());
        let spare = spare(&bell);
        Run { bell, spare }
    }

    /// The weak handles of wakers, the strong ones, and the rings.
    fn counts(&self) -> (isize, usize, u32) {
        let weak = Arc::weak_count(&self.bell) as isize;
        let wakers = weak - self.spare.len() as isize;
        (wakers, Arc::strong_count(&self.bell), self.bell.rings())
    }
}

#[test]
fn clone_makes_a_weak_handle() {
    watched(PAGE, HANGS, || {
        let run = Run::new();
        let first = waker(&run.bell);
        let second = first.clone();
        let rule = "Two wakers are two weak handles, and none of them keeps \
                    the bell. (Wakers, strong handles, rings.)";
        assert_eq!(run.counts(), (2, 1, 0), "{}", differs(PAGE, rule));
        drop((first, second));
        let rule = "Each waker that is dropped gives its handle back.";
        assert_eq!(run.counts(), (0, 1, 0), "{}", differs(PAGE, rule));
    });
}

#[test]
fn wake_uses_its_waker_up_and_wake_by_ref_does_not() {
    watched(PAGE, HANGS, || {
        let run = Run::new();
        let first = waker(&run.bell);
        first.wake_by_ref();
        let rule = "`wake_by_ref` rings and leaves the handle to the waker. \
                    What you made with `from_raw` is dropped at the end of the \
                    function, if you do not keep it from that. (Wakers, strong \
                    handles, rings.)";
        assert_eq!(run.counts(), (1, 1, 1), "{}", differs(PAGE, rule));
        first.wake();
        let rule = "`wake` rings and takes the handle: `drop` is not called \
                    after it.";
        assert_eq!(run.counts(), (0, 1, 2), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_bell_that_is_gone_is_not_rung() {
    watched(PAGE, HANGS, || {
        let run = Run::new();
        let (bell, first) = (Arc::new(Bell::default()), waker(&run.bell));
        let late = waker(&bell);
        let watch = spare(&bell);
        drop(bell);
        late.wake_by_ref();
        late.wake();
        let rule = "The wakers do not keep the bell, and a wake after its end \
                    does nothing. (Strong handles to it.)";
        assert_eq!(watch[0].strong_count(), 0, "{}", differs(PAGE, rule));
        first.wake();
        assert_eq!(run.counts(), (0, 1, 1), "{}", differs(PAGE, rule));
    });
}
