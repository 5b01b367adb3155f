//! The few functions that are not the same on the desktop and in a browser.

use std::error::Error;
use std::fmt::Display;
use std::time::Duration;

use winit::event_loop::EventLoopProxy;
use winit::window::{Window, WindowAttributes};

use super::app::{App, Done};

// ANCHOR: spawn
/// Runs a task that never waits for long: it is done when this returns.
#[cfg(not(target_arch = "wasm32"))]
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    pollster::block_on(task);
}

/// Hands the task to the browser: it begins after this returns.
#[cfg(target_arch = "wasm32")]
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(task);
}
// ANCHOR_END: spawn

/// Prints a line.
#[cfg(not(target_arch = "wasm32"))]
pub fn say(line: impl Display) {
    println!("{line}");
}

/// Writes a line into the browser's console.
#[cfg(target_arch = "wasm32")]
pub fn say(line: impl Display) {
    web_sys::console::log_1(&line.to_string().into());
}

// ANCHOR: start
/// Does what comes first in `main`: on the desktop, nothing.
#[cfg(not(target_arch = "wasm32"))]
pub fn start() {}

/// Does what comes first in `main`: a panic is said in the console, too.
#[cfg(target_arch = "wasm32")]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.payload_as_str().unwrap_or("no text");
        web_sys::console::error_1(&format!("panic: {text}").into());
    }));
}
// ANCHOR_END: start

// ANCHOR: timer
/// Waits for `time`: a thread sleeps, and then wakes the task.
#[cfg(not(target_arch = "wasm32"))]
pub async fn timer(time: Duration) {
    listings::wakers::timer::sleeper::sleep(time).await;
}

/// Waits for `time`: the browser calls back, which fulfills a promise.
#[cfg(target_arch = "wasm32")]
pub async fn timer(time: Duration) {
    let promise = js_sys::Promise::new(&mut |fulfill, _| {
        let window = web_sys::window().expect("a page has a window");
        let millis = time.as_millis() as i32;
        window
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                &fulfill, millis,
            )
            .expect("every page has timers");
    });
    // This promise is never rejected.
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}
// ANCHOR_END: timer

/// Blocks the thread for `time`, and says how the wait ended.
#[cfg(not(target_arch = "wasm32"))]
pub fn wait(time: Duration) -> String {
    std::thread::park_timeout(time);
    "timed-out".to_string()
}

// ANCHOR: wait
/// Blocks the thread for `time`, where the browser allows it, and says how
/// the wait ended.
#[cfg(target_arch = "wasm32")]
pub fn wait(time: Duration) -> String {
    use js_sys::{Atomics, Int32Array, Object, Reflect, WebAssembly::Memory};
    // A wait is at a place of memory that threads could share.
    let memory = Object::new();
    Reflect::set(&memory, &"initial".into(), &1.into())
        .and_then(|_| Reflect::set(&memory, &"maximum".into(), &1.into()))
        .and_then(|_| Reflect::set(&memory, &"shared".into(), &true.into()))
        .expect("it is an object");
    let memory = Memory::new(&memory).expect("64 KiB are free");
    let place = Int32Array::new(&memory.buffer());
    let millis = time.as_secs_f64() * 1000.0;
    match Atomics::wait_with_timeout(&place, 0, 0, millis) {
        Ok(end) => end.into(),
        Err(error) => js_sys::Error::from(error).to_string().into(),
    }
}
// ANCHOR_END: wait

// ANCHOR: run
/// Runs the application until its window is closed.
///
/// # Errors
/// When the system has no display, or the loop fails.
#[cfg(not(target_arch = "wasm32"))]
pub fn run(
    new: impl FnOnce(EventLoopProxy<Done>) -> App,
) -> Result<(), Box<dyn Error>> {
    start();
    let event_loop = crate::proxy::screen::event_loop()?;
    let mut app = new(event_loop.create_proxy());
    Ok(event_loop.run_app(&mut app)?)
}

/// Gives the application to the browser and returns.
///
/// # Errors
/// When the page has a loop already.
#[cfg(target_arch = "wasm32")]
pub fn run(
    new: impl FnOnce(EventLoopProxy<Done>) -> App,
) -> Result<(), Box<dyn Error>> {
    use winit::event_loop::EventLoop;
    use winit::platform::web::EventLoopExtWebSys as _;
    start();
    let event_loop = EventLoop::with_user_event().build();
    let event_loop = event_loop.inspect_err(|why| say(why))?;
    let app = new(event_loop.create_proxy());
    event_loop.spawn_app(app);
    say("main returns");
    Ok(())
}
// ANCHOR_END: run

// ANCHOR: window
/// A window of 480 by 320 pixels.
#[cfg(not(target_arch = "wasm32"))]
pub fn window() -> WindowAttributes {
    Window::default_attributes()
        .with_title("From Poll to Pixel")
        .with_inner_size(winit::dpi::LogicalSize::new(480, 320))
}

/// The canvas of the page that is called `pixels`.
#[cfg(target_arch = "wasm32")]
pub fn window() -> WindowAttributes {
    use wasm_bindgen::JsCast as _;
    use winit::platform::web::WindowAttributesExtWebSys as _;
    let canvas = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("pixels"))
        .and_then(|element| element.dyn_into().ok());
    Window::default_attributes()
        .with_canvas(canvas)
        // The page still scrolls when the pointer is on the canvas.
        .with_prevent_default(false)
        .with_inner_size(winit::dpi::LogicalSize::new(480, 320))
}
// ANCHOR_END: window

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    #[test]
    fn on_the_desktop_a_task_is_done_when_spawn_returns() {
        // Neither the task nor what it gives needs `Send`.
        let done = Rc::new(Cell::new(false));
        let task = done.clone();
        spawn(async move {
            timer(Duration::ZERO).await;
            task.set(true);
        });
        assert!(done.get());
    }
}
