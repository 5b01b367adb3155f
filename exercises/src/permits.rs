//! Exercise to wakers/notify.html: predict which waits of a `Notify`
//! are ready at once.

use exercises::is_ready;
use exercises::notify::Notify;

// ANCHOR: stub
/// `is_ready` polls a future once. Read the program without running it.
pub fn program() -> [bool; 5] {
    let notify = Notify::default();
    notify.notify_one();
    notify.notify_one();
    let one = is_ready(&mut notify.notified());
    let two = is_ready(&mut notify.notified());

    let (mut first, mut second) = (notify.notified(), notify.notified());
    assert!(!is_ready(&mut first) && !is_ready(&mut second));
    notify.notify_one();
    let three = is_ready(&mut second);
    drop(first);
    let four = is_ready(&mut second);
    drop(second);
    let five = is_ready(&mut notify.notified());
    [one, two, three, four, five]
}

/// What does it return? Put `Some(true)` or `Some(false)` in each place.
pub const PREDICTED: [Option<bool>; 5] = [None, None, None, None, None];
// ANCHOR_END: stub
