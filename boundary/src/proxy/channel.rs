//! A channel into an event loop: each value is followed by a wake.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SendError};

// ANCHOR: channel
/// Sends values to a loop that sleeps until something wakes it.
pub struct Sender<T> {
    values: mpsc::Sender<T>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

/// A channel whose every value is followed by a call of `wake`.
pub fn channel<T>(
    wake: impl Fn() + Send + Sync + 'static,
) -> (Sender<T>, Receiver<T>) {
    let (values, receiver) = mpsc::channel();
    (Sender { values, wake: Arc::new(wake) }, receiver)
}

impl<T> Sender<T> {
    /// Puts `value` into the channel, then wakes the loop: the other way
    /// round it could look too early, find nothing and sleep again.
    ///
    /// # Errors
    /// [`SendError`], with the value, when the loop has dropped its end.
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        self.values.send(value)?;
        (self.wake)();
        Ok(())
    }
}
// ANCHOR_END: channel

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Sender { values: self.values.clone(), wake: self.wake.clone() }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn the_value_is_there_when_the_loop_wakes() {
        let inbox = Arc::new(Mutex::new(None::<Receiver<u32>>));
        let found = Arc::new(Mutex::new(Vec::new()));
        let (waking_inbox, waking_found) = (inbox.clone(), found.clone());
        let (sender, receiver) = channel(move || {
            let inbox = waking_inbox.lock().unwrap();
            let value = inbox.as_ref().unwrap().try_recv();
            waking_found.lock().unwrap().push(value);
        });
        *inbox.lock().unwrap() = Some(receiver);
        sender.send(7).unwrap();
        sender.send(8).unwrap();
        assert_eq!(*found.lock().unwrap(), [Ok(7), Ok(8)]);
    }

    #[test]
    fn a_loop_that_is_gone_is_not_woken() {
        let (sender, receiver) = channel(|| panic!("nobody to wake"));
        drop(receiver);
        assert_eq!(sender.send(7), Err(SendError(7)));
    }
}
