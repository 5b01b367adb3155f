//! An event loop in the standard library alone: a queue of events, a handler
//! that is called for each of them, and a proxy that fills the queue from
//! outside.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver, Sender};

// ANCHOR: loop
/// Sleeps until there is an event, then calls the handler with it.
pub struct EventLoop<E> {
    proxy: Proxy<E>,
    events: Receiver<E>,
}

/// What a loop calls, always on its own thread.
pub trait Handler<E> {
    /// Called once, before the first event.
    fn resumed(&mut self) {}

    /// Called for each event. `Break` ends the loop.
    fn event(&mut self, event: E) -> ControlFlow<()>;
}

impl<E> EventLoop<E> {
    /// A way into the queue of this loop.
    pub fn proxy(&self) -> Proxy<E> {
        self.proxy.clone()
    }

    /// Runs until the handler ends the loop.
    pub fn run(self, handler: &mut impl Handler<E>) {
        handler.resumed();
        // While the queue is empty, `recv` sleeps. It gives no error, because
        // `self` has a sender too.
        while let Ok(event) = self.events.recv() {
            if handler.event(event).is_break() {
                return;
            }
        }
    }
}
// ANCHOR_END: loop

// ANCHOR: proxy
/// Puts events into the queue of a loop, from any thread.
pub struct Proxy<E>(Sender<E>);

impl<E> Proxy<E> {
    /// Puts `event` at the end of the queue, which wakes the loop. After the
    /// end of the loop the event is dropped.
    pub fn send_event(&self, event: E) {
        let _ = self.0.send(event);
    }
}
// ANCHOR_END: proxy

impl<E> EventLoop<E> {
    /// A loop with an empty queue.
    pub fn new() -> Self {
        let (sender, events) = mpsc::channel();
        EventLoop { proxy: Proxy(sender), events }
    }
}

impl<E> Default for EventLoop<E> {
    fn default() -> Self {
        EventLoop::new()
    }
}

impl<E> Clone for Proxy<E> {
    fn clone(&self) -> Self {
        Proxy(self.0.clone())
    }
}

impl<E> fmt::Debug for EventLoop<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventLoop").finish_non_exhaustive()
    }
}

impl<E> fmt::Debug for Proxy<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::thread::{self, ThreadId};
    use std::time::Duration;

    use listings::proof::watchdog;
    use tokio::runtime::Builder;

    use super::*;

    #[derive(Default)]
    struct Seen(Vec<(u32, Option<ThreadId>)>);

    impl Handler<u32> for Seen {
        fn resumed(&mut self) {
            self.0.push((0, Some(thread::current().id())));
        }

        fn event(&mut self, event: u32) -> ControlFlow<()> {
            self.0.push((event, Some(thread::current().id())));
            match event {
                3 => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        }
    }

    #[test]
    fn events_of_any_thread_are_handled_on_the_thread_of_the_loop() {
        let run = || {
            let event_loop = EventLoop::new();
            let proxy = event_loop.proxy();
            let user = thread::spawn(move || {
                (1..=4).for_each(|event| proxy.send_event(event));
            });
            let mut seen = Seen::default();
            event_loop.run(&mut seen);
            user.join().expect("a loop that has ended panics nobody");
            let here = Some(thread::current().id());
            assert_eq!(seen.0, [0, 1, 2, 3].map(|event| (event, here)));
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(()));
    }

    #[test]
    fn a_current_thread_runtime_polls_no_task_beside_the_loop() {
        let run = || {
            let runtime =
                Builder::new_current_thread().build().expect("it starts");
            runtime.block_on(async {
                let event_loop = EventLoop::new();
                let proxy = event_loop.proxy();
                let task = tokio::spawn(async move { proxy.send_event(0) });
                let user = event_loop.proxy();
                (1..=3).for_each(|event| user.send_event(event));
                event_loop.run(&mut Seen::default());
                assert!(!task.is_finished(), "the loop has the thread");
                task.await.expect("polled after the loop");
            });
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(()));
    }
}
