//! A future that holds something which others may be waiting for.

// ANCHOR: permit
use std::future::pending;

/// Something that only one can have; says when it is given back.
#[derive(Debug)]
pub struct Permit(pub &'static str);

impl Drop for Permit {
    fn drop(&mut self) {
        println!("  {} is back", self.0);
    }
}

/// Keeps the permit for as long as it lives. It is never ready.
pub async fn keep(permit: Permit) {
    pending::<()>().await;
    drop(permit);
}
// ANCHOR_END: permit

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::pin::{Pin, pin};
    use std::task::{Context, Waker};

    /// As `keep`, with a flag in place of the message.
    struct Flag<'a>(&'a Cell<bool>);

    impl Drop for Flag<'_> {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }

    async fn hold(flag: Flag<'_>) {
        pending::<()>().await;
        drop(flag);
    }

    fn poll<F: Future>(future: Pin<&mut F>) {
        let mut cx = Context::from_waker(Waker::noop());
        assert!(future.poll(&mut cx).is_pending());
    }

    #[test]
    fn to_drop_a_pinned_reference_drops_no_future() {
        let back = Cell::new(false);
        {
            let mut future = pin!(hold(Flag(&back)));
            poll(future.as_mut());
            #[expect(clippy::drop_non_drop)]
            drop(future);
            assert!(!back.get());
        }
        assert!(back.get());
    }

    #[test]
    fn to_forget_a_pinned_reference_does_not_leak_the_future() {
        let back = Cell::new(false);
        {
            let mut future = pin!(hold(Flag(&back)));
            poll(future.as_mut());
            #[expect(clippy::forget_non_drop)]
            std::mem::forget(future);
            assert!(!back.get());
        }
        assert!(back.get());
    }

    #[test]
    fn to_drop_a_pinned_box_drops_the_future() {
        let back = Cell::new(false);
        let mut future = Box::pin(hold(Flag(&back)));
        poll(future.as_mut());
        drop(future);
        assert!(back.get());
    }

    #[test]
    fn to_set_none_drops_the_future_in_place() {
        let back = Cell::new(false);
        let mut slot = pin!(Some(hold(Flag(&back))));
        poll(slot.as_mut().as_pin_mut().expect("it is there"));
        slot.set(None);
        assert!(back.get());
    }
}
