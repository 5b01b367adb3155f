//! Results are read back while frames are drawn: the frames that are drawn
//! between the request and its answer are counted.

use std::cell::Cell;
use std::error::Error;
use std::future::ready;
use std::ops::ControlFlow;
use std::rc::Rc;

use boundary::frame::setup::{Gpu, setup};
use boundary::frame::triangle;
use boundary::map_async::mapping::map;
use boundary::map_async::squares::{SHADER, Squares, numbers};
use boundary::two_loops::model::{EventLoop, Handler, Proxy};
use boundary::two_loops::tasks::Tasks;
use listings::wakers::block_on::flag::block_on;
use wgpu::{Instance, PollType, TextureUsages, TextureView};

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
    frames: Rc<Cell<u32>>,
    stall: bool,
) -> Result<(u32, u32), Box<dyn Error>> {
    let (mut right, mut with_frames) = (0, 0);
    for n in 1..=10 {
        let (buffer, _) = gpu.submit(&[n; 1000]);
        let asked_at = frames.get();
        let mapping = map(&buffer);
        if stall {
            gpu.device.poll(PollType::wait_indefinitely())?;
        }
        let squares = numbers(&mapping.await?.bytes()?);
        right += u32::from(squares == [n * n; 1000]);
        with_frames += u32::from(frames.get() > asked_at);
    }
    Ok((right, with_frames))
}
// ANCHOR_END: task

struct App {
    gpu: Gpu,
    target: TextureView,
    tasks: Tasks,
    proxy: Proxy<Event>,
    frames: Rc<Cell<u32>>,
}

// ANCHOR: handler
impl App {
    fn redraw(&self) -> Result<(), wgpu::PollError> {
        let (device, pipeline) = (&self.gpu.device, &self.gpu.pipeline);
        let commands = triangle::draw(device, pipeline, &self.target);
        self.gpu.queue.submit([commands.finish()]);
        self.frames.set(self.frames.get() + 1);
        // Runs the callbacks of all that is done by now.
        device.poll(PollType::Poll)?;
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

/// Something to draw on without a window.
fn target(gpu: &Gpu) -> TextureView {
    let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: None,
        size: wgpu::Extent3d {
            width: 64,
            height: 64,
            depth_or_array_layers: 1,
        },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: gpu.format,
        usage: TextureUsages::RENDER_ATTACHMENT,
        view_formats: &[],
    });
    texture.create_view(&Default::default())
}

/// Draws and computes until the ten results are there.
fn run(stall: bool) -> Result<(u32, u32), Box<dyn Error>> {
    let source = ready(Ok(triangle::SHADER.to_string()));
    let gpu = block_on(setup(&Instance::default(), None, source))?;
    let squares = block_on(Squares::new(&gpu.device, &gpu.queue, SHADER))?;
    let event_loop = EventLoop::new();
    let proxy = event_loop.proxy();
    let (telling, quitting) = (proxy.clone(), proxy.clone());
    let tasks = Tasks::new(move || telling.send_event(Event::Woken));
    let frames: Rc<Cell<u32>> = Rc::default();
    let count = frames.clone();
    let result = tasks.spawn(async move {
        let result = compute(squares, count, stall).await;
        quitting.send_event(Event::Quit);
        result
    });
    let target = target(&gpu);
    let mut app = App { gpu, target, tasks, proxy, frames };
    event_loop.run(&mut app);
    drop(app);
    block_on(result)?
}

fn main() -> Result<(), Box<dyn Error>> {
    for (how, stall) in [("poll(Wait) in the task", true), (".await", false)] {
        let (right, with_frames) = run(stall)?;
        println!("{how}: {right} of 10 results are right,");
        println!("  frames were drawn during {with_frames} of 10 waits");
    }
    Ok(())
}
