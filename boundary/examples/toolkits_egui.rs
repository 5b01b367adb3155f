//! egui without a window: a task on Tokio's threads brings a value, first
//! without a request for a frame, and then with one.

use std::error::Error;
use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver, Sender};

use boundary::two_loops::model::{EventLoop, Handler, Proxy};
use egui::{Context, Ui};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::oneshot;

/// What wakes the loop.
enum Event {
    Mouse,
    Repaint,
}

// ANCHOR: ui
/// What the task calls at its end: `request_repaint`, or nothing.
type AskForFrame = fn(&Context);

/// A text that is loaded.
struct Loader {
    tokio: Handle,
    ask_for_frame: AskForFrame,
    /// What the task needs: the first frame takes it and starts the task.
    start: Option<(Sender<&'static str>, Answer)>,
    results: Receiver<&'static str>,
    text: Option<&'static str>,
    /// Plays a user: with it the task sends an event of the mouse.
    user: Proxy<Event>,
}

impl Loader {
    /// Called for each frame. It never waits.
    fn ui(&mut self, ui: &mut Ui) {
        if let Some((results, answer)) = self.start.take() {
            let (ctx, ask) = (ui.ctx().clone(), self.ask_for_frame);
            let user = self.user.clone();
            self.tokio.spawn(async move {
                let text = answer.await.unwrap_or("no answer");
                // An error would say that the window is gone.
                let _ = results.send(text);
                ask(&ctx);
                // Later the user moves the mouse.
                user.send_event(Event::Mouse);
            });
        }
        while let Ok(text) = self.results.try_recv() {
            self.text = Some(text);
        }
        ui.label(self.text.unwrap_or("loading"));
    }
}
// ANCHOR_END: ui

/// The answer of a server. It comes when the loop has nothing left to do.
type Answer = oneshot::Receiver<&'static str>;

// ANCHOR: backend
/// Stands for eframe: one frame for each event.
struct Backend {
    ctx: Context,
    loader: Loader,
    server: Option<oneshot::Sender<&'static str>>,
}

impl Backend {
    fn frame(&mut self, why: &str) {
        let draw = |ui: &mut Ui| self.loader.ui(ui);
        let output = self.ctx.run_ui(Default::default(), draw);
        // Here eframe would draw the output. We throw it away.
        output.drop_without_applying_deltas();
        println!("{why}: {}", self.loader.text.unwrap_or("loading"));

        if !self.ctx.has_requested_repaint()
            && let Some(server) = self.server.take()
        {
            println!("no frame is wanted, and the server answers");
            let _ = server.send("a picture");
        }
    }
}

impl Handler<Event> for Backend {
    fn resumed(&mut self) {
        self.frame("first frame");
    }

    fn event(&mut self, event: Event) -> ControlFlow<()> {
        self.frame(match event {
            Event::Mouse => "frame for the mouse",
            Event::Repaint => "frame for a request",
        });
        match self.loader.text {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }
}
// ANCHOR_END: backend

// ANCHOR: run
fn run(tokio: &Handle, ask_for_frame: AskForFrame) {
    let event_loop = EventLoop::new();
    let proxy = event_loop.proxy();
    let ctx = Context::default();
    // eframe does the same with the proxy of winit.
    ctx.set_request_repaint_callback(move |_| {
        proxy.send_event(Event::Repaint);
    });

    let (sender, results) = mpsc::channel();
    let (server, answer) = oneshot::channel();
    let loader = Loader {
        tokio: tokio.clone(),
        ask_for_frame,
        start: Some((sender, answer)),
        results,
        text: None,
        user: event_loop.proxy(),
    };
    event_loop.run(&mut Backend { ctx, loader, server: Some(server) });
}
// ANCHOR_END: run

// ANCHOR: main
fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Runtime::new()?;
    println!("The task sends its result:");
    run(runtime.handle(), |_| {});
    println!("The task sends its result and asks for a frame:");
    run(runtime.handle(), Context::request_repaint);
    Ok(())
}
// ANCHOR_END: main
