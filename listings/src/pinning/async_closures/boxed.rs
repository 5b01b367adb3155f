//! A callback whose future is in a box: it can be stored, and spawned.

// ANCHOR: callback
use std::pin::Pin;

/// A future in a box that may borrow for `'a`.
pub type Boxed<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A callback that can be kept anywhere and called on any thread.
pub type Callback =
    Box<dyn for<'a> Fn(&'a mut [u8]) -> Boxed<'a> + Send + Sync>;

/// Lends `bytes` to each of the callbacks in turn.
///
/// Cancel safety: dropping it drops the call under way.
pub async fn each(callbacks: Vec<Callback>, bytes: &mut [u8]) {
    for callback in &callbacks {
        callback(bytes).await;
    }
}
// ANCHOR_END: callback

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use std::sync::{Arc, Mutex};

    async fn shout(bytes: &mut [u8]) {
        countdown(1).await;
        bytes.make_ascii_uppercase();
    }

    #[tokio::test]
    async fn different_callbacks_are_in_one_list_and_run_in_a_task() {
        let callbacks: Vec<Callback> = vec![
            Box::new(|bytes| Box::pin(shout(bytes))),
            Box::new(|bytes| Box::pin(async { bytes.reverse() })),
        ];
        let task = tokio::spawn(async {
            let mut bytes = *b"abc";
            each(callbacks, &mut bytes).await;
            bytes
        });
        assert_eq!(task.await.ok(), Some(*b"CBA"));
    }

    #[tokio::test]
    async fn behind_a_dyn_what_the_closure_changes_is_shared() {
        let lengths = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&lengths);
        let note: Callback = Box::new(move |bytes| {
            let seen = Arc::clone(&seen);
            Box::pin(async move {
                countdown(1).await;
                seen.lock().unwrap().push(bytes.len());
            })
        });
        each(vec![note], &mut [1, 2, 3]).await;
        assert_eq!(*lengths.lock().unwrap(), [3]);
    }
}
