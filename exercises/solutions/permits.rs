//! What a program with a notify says, predicted.

use exercises::is_ready;
use exercises::notify::Notify;

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

/// What it returns.
pub const PREDICTED: [Option<bool>; 5] =
    [Some(true), Some(false), Some(false), Some(true), Some(false)];
