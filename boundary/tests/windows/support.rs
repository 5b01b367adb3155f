//! What the window tests share: a watchdog that ends the process, a loop that
//! can draw, and a user who acts on the window from outside.
#![allow(dead_code)]

use std::future::{Ready, ready};
use std::io;
use std::process;
use std::thread;
use std::time::Duration;

use boundary::frame::setup::setup;
use boundary::frame::triangle::SHADER;
use listings::proof::skip;
use wgpu::Instance;

/// How long a window test may take. One takes less than a second.
const LIMIT: Duration = Duration::from_secs(120);

/// The shader of the chapter, there at once.
pub fn shader() -> Ready<io::Result<String>> {
    ready(Ok(SHADER.to_string()))
}

/// Ends the process when it is not done in time: a lost wake hangs.
pub fn watch(name: &'static str) {
    thread::spawn(move || {
        thread::sleep(LIMIT);
        eprintln!("{name}: not done after {LIMIT:?}: it waits for nothing");
        process::exit(101);
    });
}

/// An instance that draws, or a skip.
pub fn instance() -> Option<Instance> {
    let instance = Instance::default();
    match pollster::block_on(setup(&instance, None, shader())) {
        Ok(_) => Some(instance),
        Err(why) => {
            skip(why);
            None
        }
    }
}

/// An event loop of winit 0.30, or a skip.
pub fn event_loop<E: 'static>() -> Option<winit::event_loop::EventLoop<E>> {
    match boundary::proxy::screen::event_loop() {
        Ok(event_loop) => Some(event_loop),
        Err(why) => {
            skip(why);
            None
        }
    }
}

/// A user of the X server that the window is on.
#[cfg(target_os = "linux")]
pub mod user {
    use x11rb::protocol::xproto::{
        ClientMessageEvent, ConfigureWindowAux, ConnectionExt, EventMask,
        ImageFormat, Window,
    };
    use x11rb::rust_connection::RustConnection;

    /// A second connection to the server, as a window manager has one.
    pub struct User(RustConnection);

    impl User {
        pub fn new() -> User {
            let (connection, _) =
                x11rb::connect(None).expect("winit has connected too");
            User(connection)
        }

        /// Clicks on the cross of the title bar.
        pub fn close(&self, window: Window) {
            let atom = |name: &[u8]| {
                let cookie = self.0.intern_atom(false, name).unwrap();
                cookie.reply().unwrap().atom
            };
            let message = ClientMessageEvent::new(
                32,
                window,
                atom(b"WM_PROTOCOLS"),
                [atom(b"WM_DELETE_WINDOW"), 0, 0, 0, 0],
            );
            let none = EventMask::NO_EVENT;
            let sent = self.0.send_event(false, window, none, message);
            sent.unwrap().check().unwrap();
        }

        pub fn resize(&self, window: Window, width: u32, height: u32) {
            let size = ConfigureWindowAux::new().width(width).height(height);
            self.0.configure_window(window, &size).unwrap().check().unwrap();
        }

        /// Takes the window away without asking, as a failing server would.
        pub fn destroy(&self, window: Window) {
            self.0.destroy_window(window).unwrap().check().unwrap();
        }

        /// Red, green and blue of a pixel as the server has it; `None` when
        /// the window is not so large.
        pub fn pixel(&self, window: Window, x: i16, y: i16) -> Option<[u8; 3]> {
            let format = ImageFormat::Z_PIXMAP;
            let cookie =
                self.0.get_image(format, window, x, y, 1, 1, u32::MAX).unwrap();
            match cookie.reply().ok()?.data[..] {
                [b, g, r, ..] => Some([r, g, b]),
                _ => None,
            }
        }
    }
}

/// Whether two colors are the same to the eye.
pub fn close_to(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 6)
}
