//! The smallest executor with several threads: each task has its own.

use std::thread::{self, JoinHandle};

use crate::wakers::block_on::flag::block_on;

// ANCHOR: spawn
/// Polls `future` on a thread of its own, until it is done.
///
/// # Panics
/// When the operating system has no thread left.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    thread::spawn(move || block_on(future))
}
// ANCHOR_END: spawn

#[cfg(test)]
mod tests {
    use std::cell::{Cell, Ref, RefCell, RefMut};
    use std::marker::PhantomData;
    use std::rc::Rc;
    use std::sync::{Arc, Mutex, MutexGuard};
    use std::time::Duration;

    use super::*;
    use crate::proof::watchdog;
    use crate::runtimes::executor::yield_now::yield_now;

    #[test]
    fn a_future_is_polled_on_another_thread() {
        let here = thread::current().id();
        let run = || spawn(async { thread::current().id() }).join().unwrap();
        assert_ne!(watchdog(Duration::from_secs(30), run), Ok(here));
    }

    #[test]
    fn an_owned_ref_cell_crosses_an_await() {
        let count = async {
            let (list, last) = (RefCell::new(vec![1]), Cell::new(0));
            yield_now().await;
            list.borrow_mut().push(2);
            last.set(list.borrow().len());
            yield_now().await;
            last.get()
        };
        let run = || spawn(count).join().unwrap();
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(2));
    }

    /// Whether a type is `Send`: if it is, the constant and the method of the
    /// type itself are found, and else those of the trait.
    struct Probe<T>(PhantomData<T>);

    trait No {
        const IS_SEND: bool = false;

        fn is_send(&self) -> bool {
            Self::IS_SEND
        }
    }

    impl<T> No for Probe<T> {}

    impl<T: Send> Probe<T> {
        const IS_SEND: bool = true;

        fn is_send(&self) -> bool {
            Self::IS_SEND
        }
    }

    macro_rules! is_send {
        ($type:ty) => {
            <Probe<$type>>::IS_SEND
        };
    }

    #[test]
    fn these_types_are_send_and_those_are_not() {
        let are = [
            is_send!(u32),
            is_send!(String),
            is_send!(Arc<Mutex<u32>>),
            is_send!(&'static Mutex<u32>),
            is_send!(Cell<u32>),
            is_send!(RefCell<u32>),
            is_send!(tokio::sync::MutexGuard<'static, u32>),
        ];
        let are_not = [
            is_send!(Rc<u32>),
            is_send!(Arc<RefCell<u32>>),
            is_send!(&'static RefCell<u32>),
            is_send!(Ref<'static, u32>),
            is_send!(RefMut<'static, u32>),
            is_send!(MutexGuard<'static, u32>),
            is_send!(*const u32),
        ];
        assert_eq!((are, are_not), ([true; 7], [false; 7]));
    }

    fn probe<T>(_: &T) -> Probe<T> {
        Probe(PhantomData)
    }

    async fn drops_first<T>(value: T) {
        drop(value);
        yield_now().await;
    }

    #[test]
    fn an_argument_counts_although_the_first_line_drops_it() {
        assert!(probe(&drops_first(Arc::new(1))).is_send());
        assert!(!probe(&drops_first(Rc::new(1))).is_send());
    }
}
