//! Records what a run does (each poll, its result, each wake and drop) and
//! writes it as a Mermaid sequence diagram.

use std::cell::RefCell;
use std::fmt::Write;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::{Duration, Instant};

use super::{Recorded, check_recorded};

/// Messages and notes are broken into lines of about this many characters,
/// so that a diagram fits a narrow page.
const WIDTH: usize = 20;

/// How long [`Trace::wait_for`] waits before it gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a run did so far. Clones record into the same diagram.
///
/// Every event has an actor. It is, in this order: the future that is being
/// polled or dropped on this thread; the name that [`Trace::act_as`] gave
/// the thread; `Runner` on the thread that made the trace; the thread's name.
///
/// ```
/// use listings::proof::Trace;
/// use std::pin::pin;
/// use std::task::{Context, Waker};
///
/// let trace = Trace::new("One poll", "A ready future is polled once.");
/// let mut future = pin!(trace.future("Answer", std::future::ready(42)));
/// let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
/// assert_eq!(
///     trace.events(),
///     ["Runner->>Answer: poll", "Answer-->>Runner: Ready"]
/// );
/// ```
#[derive(Clone)]
pub struct Trace(Arc<Log>);

struct Log {
    title: String,
    description: String,
    home: ThreadId,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The name of each participant and the label it is shown with.
    participants: Vec<(String, String)>,
    /// Each event as a line of Mermaid.
    events: Vec<String>,
}

thread_local! {
    /// Who acts on this thread, in which trace, the innermost last. A future
    /// that is being polled has the waker that its `Context` holds.
    static ACTORS: RefCell<Vec<(Trace, String, Option<Waker>)>> =
        const { RefCell::new(Vec::new()) };
}

impl Trace {
    /// An empty trace. `title` and `description` are what a screen reader
    /// says instead of the picture.
    ///
    /// # Panics
    /// When one of them is empty, has a line break, or `;` or `#`, which
    /// Mermaid reads as its own.
    pub fn new(title: &str, description: &str) -> Trace {
        for text in [title, description] {
            assert!(
                !text.trim().is_empty() && !text.contains(['\n', ';', '#']),
                "a diagram needs a title and a description of one line \
                 each, without `;` and `#`; one is: {text:?}"
            );
        }
        Trace(Arc::new(Log {
            title: title.to_string(),
            description: description.to_string(),
            home: thread::current().id(),
            state: Mutex::default(),
            changed: Condvar::new(),
        }))
    }

    /// Gives `name` its place among the participants and the label it is
    /// shown with. Others take their place when they first appear, and are
    /// shown by their name.
    pub fn participant(&self, name: &str, label: &str) -> &Trace {
        let mut state = self.lock();
        match state.participants.iter_mut().find(|p| p.0 == name) {
            Some(known) => known.1 = label.to_string(),
            None => {
                state.participants.push((name.to_string(), label.to_string()))
            }
        }
        drop(state);
        self
    }

    /// Wraps a future so that each poll, its result and the drop are
    /// recorded, and each wake of the waker that it is given. A future that
    /// awaits another traced one is shown to poll it.
    pub fn future<F: Future>(&self, name: &str, future: F) -> Traced<F> {
        Traced {
            trace: self.clone(),
            name: name.to_string(),
            future: Some(Box::pin(future)),
            waker: None,
        }
    }

    /// A waker that records a wake of `to`, by whoever wakes it, and then
    /// wakes `waker`.
    pub fn waker(&self, to: &str, waker: &Waker) -> Waker {
        Waker::from(Arc::new(TracedWaker {
            trace: self.clone(),
            to: to.to_string(),
            waker: waker.clone(),
        }))
    }

    /// `from` does something to `to`: a solid arrow.
    pub fn says(&self, from: &str, to: &str, what: &str) {
        self.message(from, "->>", to, what);
    }

    /// `from` answers `to`: a dashed arrow.
    pub fn answers(&self, from: &str, to: &str, what: &str) {
        self.message(from, "-->>", to, what);
    }

    /// What one participant does by itself, for example `parks`.
    pub fn note(&self, over: &str, what: &str) {
        let mut state = self.lock();
        state.appears(over);
        state.events.push(format!("Note over {}: {}", id(over), text(what)));
        self.0.changed.notify_all();
    }

    /// Until the guard is dropped, what this thread does is done by `name`.
    #[must_use = "the name is forgotten when the guard is dropped"]
    pub fn act_as(&self, name: &str) -> Acting {
        self.enter(name, None)
    }

    /// Starts a thread that acts as `name`.
    pub fn thread<T: Send + 'static>(
        &self,
        name: &str,
        run: impl FnOnce() -> T + Send + 'static,
    ) -> JoinHandle<T> {
        let (trace, name) = (self.clone(), name.to_string());
        thread::spawn(move || {
            let _acting = trace.act_as(&name);
            run()
        })
    }

    /// Waits until an event that contains `what`, as [`events`] writes it, is
    /// recorded. This is how a test forces the order of its threads.
    ///
    /// [`events`]: Trace::events
    ///
    /// # Panics
    /// When it does not come within 30 seconds.
    pub fn wait_for(&self, what: &str) {
        let end = Instant::now() + PATIENCE;
        let mut state = self.lock();
        while !state.events.iter().any(|event| event.contains(what)) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no `{what}` in {:#?}", state.events);
            state = (self.0.changed)
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// The events so far, each as a line of Mermaid.
    pub fn events(&self) -> Vec<String> {
        self.lock().events.clone()
    }

    /// How many events so far contain `what`.
    pub fn count(&self, what: &str) -> usize {
        self.lock().events.iter().filter(|e| e.contains(what)).count()
    }

    /// The trace as a Mermaid `sequenceDiagram`.
    pub fn to_mermaid(&self) -> String {
        let mut out = String::from("sequenceDiagram\n");
        let mut line = |text: String| {
            writeln!(out, "    {text}").expect("a string takes it");
        };
        line(format!("accTitle: {}", self.0.title));
        line(format!("accDescr: {}", self.0.description));
        let state = self.lock();
        for (name, label) in &state.participants {
            let (id, label) = (id(name), text(label));
            if id == label {
                line(format!("participant {id}"));
            } else {
                line(format!("participant {id} as {label}"));
            }
        }
        for event in &state.events {
            line(event.clone());
        }
        out
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn message(&self, from: &str, arrow: &str, to: &str, what: &str) {
        let mut state = self.lock();
        state.appears(from);
        state.appears(to);
        let (from, to) = (id(from), id(to));
        state.events.push(format!("{from}{arrow}{to}: {}", text(what)));
        self.0.changed.notify_all();
    }

    fn enter(&self, name: &str, waker: Option<Waker>) -> Acting {
        let actor = (self.clone(), name.to_string(), waker);
        ACTORS.with_borrow_mut(|actors| actors.push(actor));
        Acting { _not_send: std::marker::PhantomData }
    }

    fn actor(&self) -> String {
        let known = ACTORS.with_borrow(|actors| {
            let mut mine = actors.iter().rev();
            mine.find(|a| Arc::ptr_eq(&a.0.0, &self.0)).map(|a| a.1.clone())
        });
        let current = thread::current();
        known.unwrap_or_else(|| match current.name() {
            _ if current.id() == self.0.home => "Runner".to_string(),
            Some(name) => name.to_string(),
            None => "a thread without a name".to_string(),
        })
    }
}

impl State {
    fn appears(&mut self, name: &str) {
        if self.participants.iter().all(|p| p.0 != name) {
            self.participants.push((name.to_string(), name.to_string()));
        }
    }
}

/// While it lives, this thread acts under the name given to
/// [`Trace::act_as`].
pub struct Acting {
    // It belongs to this thread.
    _not_send: std::marker::PhantomData<*const ()>,
}

impl Acting {
    /// Keeps the name until the thread ends.
    pub fn for_good(self) {
        std::mem::forget(self);
    }
}

impl Drop for Acting {
    fn drop(&mut self) {
        let actor = ACTORS.with_borrow_mut(Vec::pop);
        drop(actor);
    }
}

/// A future whose polls, wakes and drop are recorded.
pub struct Traced<F> {
    trace: Trace,
    name: String,
    /// `None` only while it is dropped.
    future: Option<Pin<Box<F>>>,
    /// The last waker we were polled with, by whom, and ours that wakes it.
    waker: Option<(Waker, String, Waker)>,
}

impl<F> Traced<F> {
    /// The waker to pass down: one that records and then wakes `outer`. The
    /// same one as before when `outer` is, so that `will_wake` still tells.
    fn waker_for(&mut self, outer: &Waker, caller: &str) -> Waker {
        let recorded_already = ACTORS.with_borrow(|actors| {
            let mut wakers = actors.iter().filter_map(|a| a.2.as_ref());
            wakers.any(|w| w.will_wake(outer))
        });
        if recorded_already {
            return outer.clone();
        }
        match &self.waker {
            Some((known, by, ours))
                if known.will_wake(outer) && by == caller =>
            {
                ours.clone()
            }
            _ => {
                let ours = self.trace.waker(caller, outer);
                self.waker =
                    Some((outer.clone(), caller.to_string(), ours.clone()));
                ours
            }
        }
    }
}

impl<F: Future> Future for Traced<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        let caller = this.trace.actor();
        let waker = this.waker_for(cx.waker(), &caller);
        this.trace.says(&caller, &this.name, "poll");
        let mut answer = Answer {
            trace: &this.trace,
            from: &this.name,
            to: &caller,
            it: "panic",
        };
        let acting = this.trace.enter(&this.name, Some(waker.clone()));
        let future = this.future.as_mut().expect("it is not dropped yet");
        let result = future.as_mut().poll(&mut Context::from_waker(&waker));
        drop(acting);
        answer.it = if result.is_ready() { "Ready" } else { "Pending" };
        drop(answer);
        result
    }
}

/// Records how a poll ended, also when it ended in a panic.
struct Answer<'a> {
    trace: &'a Trace,
    from: &'a str,
    to: &'a str,
    it: &'a str,
}

impl Drop for Answer<'_> {
    fn drop(&mut self) {
        self.trace.answers(self.from, self.to, self.it);
    }
}

impl<F> Drop for Traced<F> {
    fn drop(&mut self) {
        self.trace.says(&self.trace.actor(), &self.name, "drop");
        let _acting = self.trace.enter(&self.name, None);
        self.future = None;
    }
}

struct TracedWaker {
    trace: Trace,
    to: String,
    waker: Waker,
}

impl Wake for TracedWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // First the record: once woken, the other thread goes on recording.
        self.trace.says(&self.trace.actor(), &self.to, "wake");
        self.waker.wake_by_ref();
    }
}

/// Compares a trace with `listings/traces/<name>.mmd`, or records it there when the
/// environment variable `BLESS=1` is set.
pub fn check_trace(name: &str, trace: &Trace) -> Recorded {
    check_recorded(&format!("listings/traces/{name}.mmd"), &trace.to_mermaid())
}

/// A name as Mermaid takes it for an identifier.
fn id(name: &str) -> String {
    const KEYWORDS: [&str; 24] = [
        "activate",
        "actor",
        "alt",
        "and",
        "as",
        "autonumber",
        "box",
        "break",
        "create",
        "critical",
        "deactivate",
        "destroy",
        "else",
        "end",
        "link",
        "links",
        "loop",
        "note",
        "opt",
        "option",
        "over",
        "par",
        "participant",
        "rect",
    ];
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let mut id: String = name.chars().map(plain).collect();
    if id.is_empty() || KEYWORDS.contains(&id.to_lowercase().as_str()) {
        id.push('_');
    }
    id
}

/// A text as Mermaid shows it: in short lines, its own signs escaped.
fn text(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line)
                if line.chars().count() + word.chars().count() < WIDTH =>
            {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    let escape = |line: String| {
        line.chars().fold(String::new(), |mut out, c| {
            match c {
                '#' | ';' | '<' | '>' | '%' | '\\' => {
                    write!(out, "#{};", u32::from(c)).expect("it is taken")
                }
                _ => out.push(c),
            }
            out
        })
    };
    lines.into_iter().map(escape).collect::<Vec<_>>().join("<br/>")
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn, ready};
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::pin::pin;
    use std::sync::mpsc::channel;

    use super::*;

    fn trace() -> Trace {
        Trace::new("A title", "A description.")
    }

    fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
        Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_run_is_written_as_a_sequence_diagram() {
        let trace = trace();
        trace.participant("Runner", "Runner").participant("It", "a future");
        let mut polled = false;
        let mut future = trace.future(
            "It",
            poll_fn(|cx| {
                if std::mem::replace(&mut polled, true) {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            }),
        );
        assert!(poll_once(&mut future).is_pending());
        trace.note("Runner", "sleeps");
        assert!(poll_once(&mut future).is_ready());
        drop(future);
        assert_eq!(
            trace.to_mermaid(),
            "sequenceDiagram
    accTitle: A title
    accDescr: A description.
    participant Runner
    participant It as a future
    Runner->>It: poll
    It->>Runner: wake
    It-->>Runner: Pending
    Note over Runner: sleeps
    Runner->>It: poll
    It-->>Runner: Ready
    Runner->>It: drop
"
        );
    }

    #[test]
    fn a_wake_comes_from_the_thread_that_calls_it_and_is_passed_on() {
        struct Count(Mutex<u32>);
        impl Wake for Count {
            fn wake(self: Arc<Self>) {
                *self.0.lock().unwrap() += 1;
            }
        }

        let trace = trace();
        let count = Arc::new(Count(Mutex::new(0)));
        let (sender, receiver) = channel::<Waker>();
        let worker = {
            let trace = trace.clone();
            trace.clone().thread("Worker", move || {
                let waker = receiver.recv().unwrap();
                trace.wait_for("Pending");
                waker.wake();
            })
        };
        let waker = Waker::from(count.clone());
        let mut future = pin!(trace.future(
            "Job",
            poll_fn(|cx| {
                sender.send(cx.waker().clone()).unwrap();
                Poll::<()>::Pending
            }),
        ));
        let mut cx = Context::from_waker(&waker);
        assert!(future.as_mut().poll(&mut cx).is_pending());
        worker.join().unwrap();
        assert_eq!(
            trace.events(),
            [
                "Runner->>Job: poll",
                "Job-->>Runner: Pending",
                "Worker->>Runner: wake"
            ]
        );
        assert_eq!(*count.0.lock().unwrap(), 1);
    }

    #[test]
    fn a_future_polls_and_drops_the_one_that_it_awaits() {
        let trace = trace();
        let child = trace.future(
            "Child",
            poll_fn(|cx| {
                cx.waker().wake_by_ref();
                Poll::<()>::Pending
            }),
        );
        let mut parent = trace.future("Parent", Box::pin(child));
        assert!(poll_once(&mut parent).is_pending());
        drop(parent);
        assert_eq!(
            trace.events(),
            [
                "Runner->>Parent: poll",
                "Parent->>Child: poll",
                // One wake, of the runner: a parent is not woken.
                "Child->>Runner: wake",
                "Child-->>Parent: Pending",
                "Parent-->>Runner: Pending",
                "Runner->>Parent: drop",
                "Parent->>Child: drop",
            ]
        );
    }

    #[test]
    fn the_same_waker_stays_the_same() {
        struct Nobody;
        impl Wake for Nobody {
            fn wake(self: Arc<Self>) {}
        }

        let trace = trace();
        let mut last: Option<Waker> = None;
        let mut changes = 0;
        let mut future = trace.future(
            "It",
            poll_fn(|cx| {
                if !last.as_ref().is_some_and(|w| w.will_wake(cx.waker())) {
                    changes += 1;
                }
                last = Some(cx.waker().clone());
                Poll::<()>::Pending
            }),
        );
        let waker = Waker::from(Arc::new(Nobody));
        for _ in 0..3 {
            let mut cx = Context::from_waker(&waker);
            assert!(Pin::new(&mut future).poll(&mut cx).is_pending());
        }
        drop(future);
        assert_eq!(changes, 1);
    }

    #[test]
    fn a_panic_is_an_answer_and_leaves_the_actor() {
        let trace = trace();
        let mut bad = trace.future("Bad", async { panic!("on purpose") });
        let poll = || {
            let _: Poll<()> = poll_once(&mut bad);
        };
        assert!(catch_unwind(AssertUnwindSafe(poll)).is_err());
        let mut good = trace.future("Good", ready(()));
        assert!(poll_once(&mut good).is_ready());
        assert_eq!(
            trace.events(),
            [
                "Runner->>Bad: poll",
                "Bad-->>Runner: panic",
                "Runner->>Good: poll",
                "Good-->>Runner: Ready"
            ]
        );
    }

    #[test]
    fn a_guard_names_the_thread_until_it_is_dropped() {
        let trace = trace();
        let mut future = trace.future("It", pending::<()>());
        {
            let _acting = trace.act_as("Executor");
            assert!(poll_once(&mut future).is_pending());
        }
        assert!(poll_once(&mut future).is_pending());
        assert_eq!(trace.count("Executor->>It: poll"), 1);
        assert_eq!(trace.count("Runner->>It: poll"), 1);
    }

    #[test]
    fn what_mermaid_would_misread_is_escaped_and_long_text_broken() {
        let trace = trace();
        trace.says("a b", "end", "x; #1 <T>");
        trace.note("end", "a text far too long for one line");
        trace.answers("end", "a b", "ok");
        let diagram = trace.to_mermaid();
        let (_, body) = diagram.split_once("description.\n").unwrap();
        assert_eq!(
            body,
            "    participant a_b as a b
    participant end_ as end
    a_b->>end_: x#59; #35;1 #60;T#62;
    Note over end_: a text far too long<br/>for one line
    end_-->>a_b: ok
"
        );
    }

    #[test]
    #[should_panic(expected = "a title and a description")]
    fn a_diagram_without_a_description_is_refused() {
        Trace::new("A title", " ");
    }
}
