//! Results are read back while frames are drawn: how many frames stand between
//! a request and its answer. With the argument `times` it measures the frames
//! while a slow shader runs.

use std::cell::Cell;
use std::env;
use std::error::Error;
use std::future::ready;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::time::{Duration, Instant};

use boundary::frame::picture::target;
use boundary::frame::setup::{Gpu, setup};
use boundary::frame::triangle;
use boundary::map_async::mapping::map;
use boundary::map_async::squares::{SHADER, Squares, numbers};
use boundary::two_loops::model::{EventLoop, Handler, Proxy};
use boundary::two_loops::tasks::Tasks;
use listings::runtimes::executor::yield_now::yield_now;
use listings::wakers::block_on::flag::block_on;
use wgpu::{Instance, PollType, Texture};

enum Event {
    Redraw,
    Woken,
    Quit,
}

// ANCHOR: task
/// Computes ten times. Counts the right results, and the waits during which
/// frames were drawn.
async fn compute(
    gpu: Squares,
    frames: Rc<Frames>,
    stall: bool,
) -> Result<(u32, u32), Box<dyn Error>> {
    let (mut right, mut with_frames) = (0, 0);
    for n in 1..=10 {
        // The loop draws at least one frame between two computations.
        yield_now().await;
        let (buffer, _) = gpu.submit(&[n; 1000]);
        let asked_at = frames.drawn();
        let mapping = map(&buffer);
        if stall {
            gpu.device.poll(PollType::wait_indefinitely())?;
        }
        let squares = numbers(&mapping.await?.bytes()?);
        right += u32::from(squares == [n * n; 1000]);
        with_frames += u32::from(frames.drawn() > asked_at);
    }
    Ok((right, with_frames))
}
// ANCHOR_END: task

struct App {
    gpu: Gpu,
    target: Texture,
    tasks: Tasks,
    proxy: Proxy<Event>,
    frames: Rc<Frames>,
}

/// What is known of the frames.
#[derive(Default)]
struct Frames {
    drawn: Cell<u32>,
    last: Cell<Option<Instant>>,
    longest: Cell<Duration>,
}

impl Frames {
    fn drawn(&self) -> u32 {
        self.drawn.get()
    }

    /// Notes that a frame is drawn, and the time since the one before.
    fn note(&self) {
        self.drawn.set(self.drawn.get() + 1);
        let now = Instant::now();
        if let Some(last) = self.last.replace(Some(now)) {
            self.longest.set(self.longest.get().max(now - last));
        }
    }
}

// ANCHOR: handler
impl App {
    fn redraw(&self) -> Result<(), wgpu::PollError> {
        let commands = self.gpu.draw(&self.target);
        self.gpu.queue.submit([commands.finish()]);
        self.frames.note();
        // Runs the callbacks of all that is done by now.
        self.gpu.device.poll(PollType::Poll)?;
        self.proxy.send_event(Event::Redraw);
        Ok(())
    }
}

impl Handler<Event> for App {
    fn event(&mut self, event: Event) -> ControlFlow<()> {
        match event {
            Event::Woken => self.tasks.turn(),
            Event::Redraw if self.redraw().is_ok() => {}
            Event::Redraw | Event::Quit => return ControlFlow::Break(()),
        }
        ControlFlow::Continue(())
    }
    // ANCHOR_END: handler

    fn resumed(&mut self) {
        self.tasks.turn();
        self.proxy.send_event(Event::Redraw);
    }
}

/// Draws and computes until the ten results are there. Returns how many were
/// right, during how many waits frames were drawn, and the longest time from
/// one frame to the next.
fn run(
    shader: &str,
    stall: bool,
) -> Result<(u32, u32, Duration), Box<dyn Error>> {
    let source = ready(Ok(triangle::SHADER.to_string()));
    let gpu = block_on(setup(&Instance::default(), None, source))?;
    let squares = block_on(Squares::new(&gpu.device, &gpu.queue, shader))?;
    let event_loop = EventLoop::new();
    let proxy = event_loop.proxy();
    let (telling, quitting) = (proxy.clone(), proxy.clone());
    let tasks = Tasks::new(move || telling.send_event(Event::Woken));
    let frames: Rc<Frames> = Rc::default();
    let count = frames.clone();
    let result = tasks.spawn(async move {
        let result = compute(squares, count, stall).await;
        quitting.send_event(Event::Quit);
        result
    });
    let target = target(&gpu, (64, 64));
    let longest = frames.clone();
    let mut app = App { gpu, target, tasks, proxy, frames };
    event_loop.run(&mut app);
    drop(app);
    let (right, with_frames) = block_on(result)??;
    Ok((right, with_frames, longest.longest.get()))
}

/// Squares as well, after some millions of steps that change nothing.
const SLOW: &str = "
@group(0) @binding(0) var<storage, read_write> numbers: array<u32>;

@compute @workgroup_size(64)
fn square(@builtin(global_invocation_id) id: vec3u) {
    if id.x < arrayLength(&numbers) {
        var n = numbers[id.x];
        for (var i = 0u; i < 1000000u; i++) {
            n = (n ^ i) * 3u + 1u;
        }
        if n == 12345u {
            numbers[id.x] = 0u;
        }
        numbers[id.x] = numbers[id.x] * numbers[id.x];
    }
}
";

fn main() -> Result<(), Box<dyn Error>> {
    let measured = env::args().nth(1).is_some_and(|word| word == "times");
    let shader = if measured { SLOW } else { SHADER };
    for (how, stall) in [("poll(Wait) in the task", true), (".await", false)] {
        let start = Instant::now();
        let (right, with_frames, longest) = run(shader, stall)?;
        println!("{how}: {right} of 10 results are right,");
        println!("  frames were drawn during {with_frames} of 10 waits");
        if measured {
            println!("  longest time between two frames: {longest:.1?}");
            println!("  all of it took {:.1?}", start.elapsed());
        }
    }
    Ok(())
}
