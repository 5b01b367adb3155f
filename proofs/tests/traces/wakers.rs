//! The runs that the part on wakers shows.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use listings::proof::{Trace, check_trace, watchdog};
use listings::wakers::block_on::flag;
use listings::wakers::block_on::job::ask;
use listings::wakers::block_on::park::Unpark;
use listings::wakers::block_on::spin::run;
use listings::wakers::channel::bounded;
use listings::wakers::contract::count::Counter;
use listings::wakers::contract::{one_waker, own_slot};
use listings::wakers::lost_wakeups::{early, late};
use listings::wakers::mutex::fair::Mutex;
use listings::wakers::oneshot::closed::{Closed, channel};
use listings::wakers::timer::sleeper;
use listings::wakers::timer::threads::waiting;

/// `park::block_on`, with a note each time it goes to sleep.
fn block_on_park<F: Future>(trace: &Trace, future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    run(future, &waker, || {
        trace.note("Runner", "parks");
        thread::park();
    })
}

#[test]
fn block_on_sleeps_until_it_is_woken() {
    let trace = Trace::new(
        "block_on sleeps until it is woken",
        "The runner polls the job, which is pending, and parks. The worker \
         has the answer and wakes the runner. The second poll is ready, and \
         the runner drops the job.",
    );
    trace.participant("Job", "ask").participant("Runner", "block_on");
    let answer = {
        let trace = trace.clone();
        ask(move || {
            trace.act_as("Worker").for_good();
            trace.wait_for("parks");
            trace.note("Worker", "has the answer");
            42
        })
    };
    assert_eq!(block_on_park(&trace, trace.future("Job", answer)), 42);
    check_trace("wakers-block-on-sleeps", &trace).unwrap();
}

#[test]
fn block_on_loses_the_wake_when_the_job_parks() {
    let trace = Trace::new(
        "block_on loses the wake",
        "While the runner polls the job, the worker wakes the runner and \
         unparks the job, which are the same thread. The job parks, which \
         takes the one token, and is pending. The runner parks and nobody \
         unparks it any more.",
    );
    trace.participant("Job", "job").participant("Runner", "block_on");
    let mut polled = false;
    let job = {
        let trace = trace.clone();
        poll_fn(move |cx| {
            if polled {
                return Poll::Ready(42);
            }
            polled = true;
            let (waker, here) = (cx.waker().clone(), thread::current());
            let worker = {
                let trace = trace.clone();
                trace.clone().thread("Worker", move || {
                    waker.wake();
                    trace.says("Worker", "Job", "unpark");
                    here.unpark();
                })
            };
            worker.join().expect("a wake does not panic");
            trace.note("Job", "parks");
            thread::park();
            trace.note("Job", "took the token");
            Poll::Pending
        })
    };
    let runner = {
        let trace = trace.clone();
        move || {
            trace.act_as("Runner").for_good();
            block_on_park(&trace, trace.future("Job", job))
        }
    };
    let limit = Duration::from_millis(200);
    watchdog(limit, runner).expect_err("the wake is lost");
    trace.wait_for("Note over Runner: parks");
    trace.note("Runner", "never unparked");
    check_trace("wakers-block-on-loses-a-wake", &trace).unwrap();
}

/// Tasks A and B poll a future each, then somebody opens the gate, and who
/// was woken polls again.
fn two_tasks_at<W: Future<Output = ()>>(
    name: &str,
    trace: &Trace,
    wait: impl Fn() -> W,
    open: impl FnOnce(),
) {
    trace.participant("A", "task A").participant("B", "task B");
    trace.participant("Gate", "gate").participant("Opener", "opener");
    let (mut for_a, mut for_b) = (
        pin!(trace.future("Gate", wait())),
        pin!(trace.future("Gate", wait())),
    );
    let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
    let mut poll_a = || {
        let _acting = trace.act_as("A");
        for_a.as_mut().poll(&mut Context::from_waker(&waker_a))
    };
    let mut poll_b = || {
        let _acting = trace.act_as("B");
        for_b.as_mut().poll(&mut Context::from_waker(&waker_b))
    };
    assert!(poll_a().is_pending());
    assert!(poll_b().is_pending());
    {
        let _acting = trace.act_as("Opener");
        trace.says("Opener", "Gate", "open");
        open();
    }
    match a.wakes() {
        0 => trace.note("A", "never woken"),
        _ => assert!(poll_a().is_ready()),
    }
    assert_eq!(b.wakes(), 1);
    assert!(poll_b().is_ready());
    // Only what happens up to here belongs to the picture.
    check_trace(name, trace).unwrap();
}

#[test]
fn with_one_waker_the_first_task_is_never_woken() {
    let trace = Trace::new(
        "A gate that keeps one waker",
        "Task A and then task B poll their futures at the gate, which are \
         pending. The opener opens the gate and wakes B. Task A is never \
         woken. B polls and is ready.",
    );
    let gate = one_waker::Gate::default();
    two_tasks_at(
        "wakers-contract-one-waker",
        &trace,
        || gate.wait(),
        || gate.open(),
    );
}

#[test]
fn with_a_slot_each_both_tasks_are_woken() {
    let trace = Trace::new(
        "A gate with a slot for each future",
        "Task A and then task B poll their futures at the gate, which are \
         pending. The opener opens the gate and wakes both. Both poll again \
         and are ready.",
    );
    let gate = own_slot::Gate::default();
    two_tasks_at(
        "wakers-contract-own-slot",
        &trace,
        || gate.wait(),
        || gate.open(),
    );
}

#[test]
fn a_oneshot_whose_sender_comes_first_wakes_nobody() {
    let trace = Trace::new(
        "The value comes first",
        "The worker sends while nobody has polled. Then the asker polls the \
         receiver, which is ready at once, and drops it. Nobody is woken.",
    );
    trace.participant("Runner", "asker").participant("Receiver", "receiver");
    let (sender, receiver) = channel();
    let receiver = trace.future("Receiver", receiver);
    let worker = {
        let trace = trace.clone();
        trace.clone().thread("Worker", move || {
            trace.says("Worker", "Receiver", "send");
            sender.send(7)
        })
    };
    assert_eq!(worker.join().expect("it does not panic"), Ok(()));
    assert_eq!(flag::block_on(receiver), Ok(7));
    check_trace("wakers-oneshot-value-first", &trace).unwrap();
}

#[test]
fn a_oneshot_whose_receiver_comes_first_is_woken() {
    let trace = Trace::new(
        "The waker comes first",
        "The asker polls the receiver, which is pending and keeps the waker. \
         The worker sends and wakes the asker. The second poll is ready.",
    );
    trace.participant("Runner", "asker").participant("Receiver", "receiver");
    let (sender, receiver) = channel();
    let worker = {
        let trace = trace.clone();
        trace.clone().thread("Worker", move || {
            trace.wait_for("Pending");
            trace.says("Worker", "Receiver", "send");
            sender.send(7)
        })
    };
    let receiver = trace.future("Receiver", receiver);
    assert_eq!(flag::block_on(receiver), Ok(7));
    assert_eq!(worker.join().expect("it does not panic"), Ok(()));
    check_trace("wakers-oneshot-waker-first", &trace).unwrap();
}

#[test]
fn a_oneshot_whose_sender_is_dropped_wakes_with_an_error() {
    let trace = Trace::new(
        "The sender is dropped",
        "The asker polls the receiver, which is pending. The worker drops \
         the sender, which wakes the asker. The second poll is ready with an \
         error.",
    );
    trace.participant("Runner", "asker").participant("Receiver", "receiver");
    let (sender, receiver) = channel::<u32>();
    let worker = {
        let trace = trace.clone();
        trace.clone().thread("Worker", move || {
            trace.wait_for("Pending");
            trace.says("Worker", "Receiver", "drop the sender");
            drop(sender);
        })
    };
    let receiver = trace.future("Receiver", receiver);
    assert_eq!(flag::block_on(receiver), Err(Closed));
    worker.join().expect("it does not panic");
    check_trace("wakers-oneshot-sender-dropped", &trace).unwrap();
}

#[test]
fn a_dropped_sleep_wakes_its_task_all_the_same() {
    // On a busy machine a deadline may pass before the sleep is dropped. Then
    // the run is another one, and it is done again with a later deadline.
    let times = [1, 4, 16].map(Duration::from_secs);
    let trace = times.into_iter().find_map(sleep_that_is_dropped);
    let trace = trace.expect("it is dropped before its deadline");
    check_trace("wakers-timer-dropped", &trace).unwrap();
}

/// The trace of a sleep that is dropped before its deadline.
fn sleep_that_is_dropped(time: Duration) -> Option<Trace> {
    let deadline = Instant::now() + time;
    let trace = Trace::new(
        "A sleep that is dropped",
        "The task polls the sleep, which starts a thread and is pending. The \
         task drops the sleep. The thread sleeps on, and at its deadline it \
         wakes the task.",
    );
    trace.participant("Runner", "task").participant("Sleep", "sleep");
    trace.participant("timer", "thread");
    let mut sleep = Box::pin(trace.future("Sleep", sleeper::sleep(time)));
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    if sleep.as_mut().poll(&mut cx).is_ready() {
        return None;
    }
    trace.note("timer", "sleeps");
    drop(sleep);
    trace.note("timer", "sleeps on");
    if Instant::now() >= deadline {
        return None;
    }
    assert_eq!(waiting(), 1);
    trace.wait_for("wake");
    assert!(
        watchdog(Duration::from_secs(30), move || {
            while counter.wakes() == 0 {
                thread::yield_now();
            }
        })
        .is_ok()
    );
    Some(trace)
}

#[test]
fn a_cancelled_waiter_passes_its_turn_on() {
    let trace = Trace::new(
        "A cancelled waiter passes its turn on",
        "A holds the value. B polls its lock, which is pending, and C polls \
         its lock, which is pending. A drops its guard, and B is woken. B is \
         cancelled and drops its lock, and C is woken. C polls again and is \
         ready.",
    );
    trace.participant("A", "task A").participant("B", "task B");
    trace.participant("C", "task C").participant("Mutex", "mutex");
    let mutex = Mutex::new(());
    let guard = mutex.try_lock().expect("it is free");
    trace.note("A", "has the value");
    let (mut for_b, mut for_c) = (
        Box::pin(trace.future("Mutex", mutex.lock())),
        Box::pin(trace.future("Mutex", mutex.lock())),
    );
    let ((b, waker_b), (c, waker_c)) = (Counter::new(), Counter::new());
    {
        let _acting = trace.act_as("B");
        let poll = for_b.as_mut().poll(&mut Context::from_waker(&waker_b));
        assert!(poll.is_pending());
    }
    let mut poll_c = || {
        let _acting = trace.act_as("C");
        for_c.as_mut().poll(&mut Context::from_waker(&waker_c)).is_ready()
    };
    assert!(!poll_c());
    {
        let _acting = trace.act_as("A");
        trace.says("A", "Mutex", "drop the guard");
        let _acting = trace.act_as("Mutex");
        drop(guard);
    }
    assert_eq!((b.wakes(), c.wakes()), (1, 0));
    {
        let _acting = trace.act_as("B");
        trace.note("B", "is cancelled");
        drop(for_b);
    }
    assert_eq!((b.wakes(), c.wakes()), (1, 1));
    assert!(poll_c());
    check_trace("wakers-mutex-passed-on", &trace).unwrap();
}

/// One poll by `actor`.
fn poll_as<F: Future + Unpin>(
    trace: &Trace,
    actor: &str,
    future: &mut F,
    waker: &Waker,
) -> Poll<F::Output> {
    let _acting = trace.act_as(actor);
    Pin::new(future).poll(&mut Context::from_waker(waker))
}

#[test]
fn a_full_channel_holds_its_sender_back() {
    let trace = Trace::new(
        "Backpressure",
        "The channel has one place, and a value is in it. The producer polls \
         its send, which is pending. The consumer polls its recv, which \
         wakes the producer and is ready. The producer polls again and is \
         ready.",
    );
    trace.participant("Producer", "producer");
    trace.participant("Channel", "channel").participant("Consumer", "consumer");
    let (sender, mut receiver) = bounded::channel(1);
    sender.try_send("first").expect("there is a place");
    trace.note("Channel", "full");
    let (counter, waker) = Counter::new();
    let mut send = trace.future("Channel", sender.send("second"));
    assert!(poll_as(&trace, "Producer", &mut send, &waker).is_pending());
    let mut recv = trace.future("Channel", receiver.recv());
    let first = poll_as(&trace, "Consumer", &mut recv, Waker::noop());
    assert_eq!(first, Poll::Ready(Some("first")));
    assert_eq!(counter.wakes(), 1);
    let sent = poll_as(&trace, "Producer", &mut send, &waker);
    assert_eq!(sent, Poll::Ready(Ok(())));
    // Only what happens up to here belongs to the picture.
    check_trace("wakers-channel-backpressure", &trace).unwrap();
}

#[test]
fn a_cancelled_sender_gives_its_place_on() {
    let trace = Trace::new(
        "A place is given on",
        "The channel has one place, and a value is in it. The second and the \
         third sender poll their sends, which are pending. The consumer \
         receives, which wakes the second. The second drops its send, and \
         that wakes the third, whose next poll is ready.",
    );
    trace.participant("Second", "second").participant("Third", "third");
    trace.participant("Channel", "channel").participant("Consumer", "consumer");
    let (sender, mut receiver) = bounded::channel(1);
    sender.try_send("first").expect("there is a place");
    trace.note("Channel", "full");
    let (counter, waker) = Counter::new();
    let mut second = trace.future("Channel", sender.send("second"));
    let mut third = trace.future("Channel", sender.send("third"));
    assert!(poll_as(&trace, "Second", &mut second, &waker).is_pending());
    assert!(poll_as(&trace, "Third", &mut third, &waker).is_pending());
    let mut recv = trace.future("Channel", receiver.recv());
    let first = poll_as(&trace, "Consumer", &mut recv, Waker::noop());
    assert_eq!(first, Poll::Ready(Some("first")));
    {
        let _acting = trace.act_as("Second");
        drop(second);
    }
    assert_eq!(counter.wakes(), 2);
    let sent = poll_as(&trace, "Third", &mut third, &waker);
    assert_eq!(sent, Poll::Ready(Ok(())));
    check_trace("wakers-channel-given-on", &trace).unwrap();
}

/// A waker that says so when it is woken. Its `Arc` counts its handles.
struct Bell(Trace);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.says("Worker", "Runner", "wake");
    }
}

impl Bell {
    fn new(title: &str, description: &str) -> Arc<Bell> {
        let trace = Trace::new(title, description);
        trace.participant("Runner", "runner").participant("Wait", "until");
        trace.participant("Worker", "worker");
        Arc::new(Bell(trace))
    }

    /// Notes it when there is a handle beside the runner's two.
    fn note_if_kept(self: &Arc<Self>) {
        let kept = "has kept the waker";
        if Arc::strong_count(self) > 2 && self.0.count(kept) == 0 {
            self.0.note("Wait", kept);
        }
    }
}

/// A look at a flag that is held up: before it returns, a worker has set the
/// flag and notified.
fn slow_look(
    bell: &Arc<Bell>,
    notify: impl Fn() + Sync,
) -> impl FnMut() -> bool {
    let done = AtomicBool::new(false);
    move || {
        let trace = &bell.0;
        bell.note_if_kept();
        let seen = done.load(SeqCst);
        if seen {
            trace.note("Wait", "sees the flag");
            return true;
        }
        trace.note("Wait", "sees no flag");
        thread::scope(|scope| {
            scope.spawn(|| {
                done.store(true, SeqCst);
                trace.note("Worker", "has set the flag");
                trace.says("Worker", "Wait", "notify");
                notify();
                if trace.count("Runner: wake") == 0 {
                    trace.note("Worker", "has found no waker");
                }
            });
        });
        false
    }
}

/// A runner, which polls again if it was woken.
fn poll_if_woken(name: &str, bell: &Arc<Bell>, wait: impl Future<Output = ()>) {
    let (trace, mut wait) = (&bell.0, pin!(wait));
    let waker = Waker::from(bell.clone());
    let mut poll = || {
        trace.says("Runner", "Wait", "poll");
        let answer = wait.as_mut().poll(&mut Context::from_waker(&waker));
        bell.note_if_kept();
        let ready = answer.is_ready();
        let answer = if ready { "Ready" } else { "Pending" };
        trace.answers("Wait", "Runner", answer);
        ready
    };
    assert!(!poll());
    match trace.count("Runner: wake") {
        0 => trace.note("Runner", "never woken"),
        _ => assert!(poll()),
    }
    check_trace(name, trace).unwrap();
}

#[test]
fn a_waiter_that_looks_first_is_never_woken() {
    let bell = Bell::new(
        "A waiter that looks first",
        "In its poll the waiter sees no flag. Then the worker sets the flag \
         and notifies, and finds no waker. Only now the waiter keeps its \
         waker, and is pending. The runner is never woken.",
    );
    let signal = late::Signal::default();
    let wait = signal.until(slow_look(&bell, || signal.notify()));
    poll_if_woken("wakers-lost-wakeups-late", &bell, wait);
}

#[test]
fn a_waiter_that_keeps_its_waker_first_is_woken() {
    let bell = Bell::new(
        "A waiter that keeps its waker first",
        "In its poll the waiter keeps its waker and then sees no flag. The \
         worker sets the flag, notifies and wakes the runner. The waiter is \
         pending, the runner polls again, the waiter sees the flag and is \
         ready.",
    );
    let signal = early::Signal::default();
    let wait = signal.until(slow_look(&bell, || signal.notify()));
    poll_if_woken("wakers-lost-wakeups-early", &bell, wait);
}
