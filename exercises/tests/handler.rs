include!(concat!(env!("OUT_DIR"), "/handler.rs"));

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, channel};
use std::task::Poll;
use std::thread;

use exercises::{Probe, Remote, differs, probe, watched, why};
use handler::{Adapter, AsyncHandler};

const PAGE: &str = "boundary/crossings.html#way-6-a-trait-of-ones-own-and-why-async_trait-does-not-help";
const BLOCKS: &str = "The application waits, and nothing comes until the \
                      loop is free. So `event` and `woken` must poll and \
                      return. They must not block.";
const SLEEPS: &str = "Nobody wakes the loop. `event` must return while the \
                      application waits, you must keep the future, and its \
                      waker must call `wake_loop`.";

type Log = Rc<RefCell<Vec<String>>>;

/// An application that waits at a gate in the middle of each event.
struct App {
    gates: VecDeque<Probe<()>>,
    log: Log,
}

impl AsyncHandler for App {
    fn event(&mut self, event: u32) -> Pin<Box<dyn Future<Output = ()> + '_>> {
        Box::pin(async move {
            self.log.borrow_mut().push(format!("begins {event}"));
            if let Some(gate) = self.gates.pop_front() {
                gate.await;
            }
            self.log.borrow_mut().push(format!("ends {event}"));
        })
    }
}

/// A loop that cannot await.
struct Loop {
    adapter: Adapter,
    wakes: Receiver<()>,
    log: Log,
}

impl Loop {
    fn new(app: impl FnOnce(Log) -> Box<dyn AsyncHandler>) -> Loop {
        let log = Log::default();
        let (wake_loop, wakes) = channel();
        let adapter = Adapter::new(app(log.clone()), move || {
            // The loop may have ended.
            let _ = wake_loop.send(());
        });
        Loop { adapter, wakes, log }
    }

    /// A loop whose application waits at so many gates, and what opens them.
    fn with_gates(count: usize) -> (Loop, Vec<Remote<()>>) {
        let (gates, remotes) = (0..count).map(|_| probe()).unzip();
        (Loop::new(|log| Box::new(App { gates, log })), remotes)
    }

    fn event(&mut self, event: u32) {
        self.adapter.event(event);
        self.rest();
    }

    /// Opens a gate, which wakes the loop.
    fn open(&mut self, gate: &Remote<()>) {
        gate.set(());
        assert!(self.wakes.try_recv().is_ok(), "{}", why(PAGE, SLEEPS));
        self.adapter.woken();
        self.rest();
    }

    /// Handles the wakes that there are.
    fn rest(&mut self) {
        let mut rounds = 0;
        while self.wakes.try_recv().is_ok() {
            rounds += 1;
            let rule = "The loop is woken again and again, although nothing \
                        happens: only the waker of the future may wake it.";
            assert!(rounds < 100, "{}", why(PAGE, rule));
            self.adapter.woken();
        }
    }

    #[track_caller]
    fn has_seen(&self, expected: &str, rule: &str) {
        let seen = self.log.borrow().join(", ");
        assert_eq!(seen, expected, "{}", differs(PAGE, rule));
    }
}

#[test]
fn the_loop_goes_on_while_the_application_waits() {
    watched(PAGE, BLOCKS, || {
        let (mut ui, gates) = Loop::with_gates(1);
        ui.event(1);
        let rule = "An event of the loop begins in the application at once.";
        ui.has_seen("begins 1", rule);
        ui.open(&gates[0]);
        let rule = "`woken` polls the future that the application returned.";
        ui.has_seen("begins 1, ends 1", rule);
    });
}

#[test]
fn events_that_come_while_the_application_waits_are_handled_in_order() {
    watched(PAGE, BLOCKS, || {
        let (mut ui, gates) = Loop::with_gates(3);
        (1..=3).for_each(|event| ui.event(event));
        let rule = "`event` takes `&mut self`: the application handles no \
                    event before it is done with the one before.";
        ui.has_seen("begins 1", rule);
        ui.open(&gates[0]);
        let rule = "No event is lost: when the first is done, the next in the \
                    queue begins, without a further event of the loop.";
        ui.has_seen("begins 1, ends 1, begins 2", rule);
        ui.open(&gates[1]);
        ui.open(&gates[2]);
        let all = "begins 1, ends 1, begins 2, ends 2, begins 3, ends 3";
        ui.has_seen(all, rule);
    });
}

#[test]
fn an_answer_from_another_thread_wakes_the_loop() {
    watched(PAGE, SLEEPS, || {
        let (mut ui, mut gates) = Loop::with_gates(1);
        ui.event(1);
        let gate = gates.remove(0);
        let server = thread::spawn(move || gate.set(()));
        // It sleeps until something wakes it.
        while ui.log.borrow().len() < 2 {
            assert!(ui.wakes.recv().is_ok(), "{}", why(PAGE, SLEEPS));
            ui.adapter.woken();
        }
        let rule = "The application is done once the answer is there.";
        ui.has_seen("begins 1, ends 1", rule);
        server.join().expect("it does not panic");
    });
}

#[test]
fn a_wake_while_nothing_is_ready_does_not_begin_the_event_again() {
    watched(PAGE, BLOCKS, || {
        let (mut ui, gates) = Loop::with_gates(2);
        ui.event(1);
        // Another wake for the same loop.
        ui.adapter.woken();
        ui.adapter.woken();
        let rule = "Each call of the application's `event` begins anew. Call \
                    it once for each event, and poll the same future again.";
        ui.has_seen("begins 1", rule);
        ui.open(&gates[0]);
        ui.has_seen("begins 1, ends 1", rule);
    });
}

#[test]
fn an_application_that_waits_lets_the_loop_sleep() {
    watched(PAGE, BLOCKS, || {
        let (mut ui, gates) = Loop::with_gates(1);
        ui.event(1);
        let polls = gates[0].polls();
        ui.rest();
        let rule = "Nobody has woken the future, so nobody polls it.";
        assert_eq!(gates[0].polls(), polls, "{}", differs(PAGE, rule));
        ui.has_seen("begins 1", rule);
    });
}

#[test]
fn an_application_may_wake_itself_in_the_middle_of_a_poll() {
    /// Gives the loop a turn in the middle of each event.
    struct Polite(Log);

    impl AsyncHandler for Polite {
        fn event(
            &mut self,
            event: u32,
        ) -> Pin<Box<dyn Future<Output = ()> + '_>> {
            let mut turns = 0;
            Box::pin(poll_fn(move |context| {
                turns += 1;
                if turns < 3 {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                self.0.borrow_mut().push(format!("ends {event}"));
                Poll::Ready(())
            }))
        }
    }

    watched(PAGE, SLEEPS, || {
        let mut ui = Loop::new(|log| Box::new(Polite(log)));
        ui.event(1);
        ui.event(2);
        let rule = "A wake that comes during a poll calls for the next poll.";
        ui.has_seen("ends 1, ends 2", rule);
    });
}
