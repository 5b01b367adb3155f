//! A user with a screen of their own.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use boundary::app::load::Color;
use boundary::map_async::squares;
use listings::proof::skip;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt as _,
    EventMask, ImageFormat, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

/// How long anything may take before a test gives up. Nothing takes so long.
const LIMIT: Duration = Duration::from_secs(60);

/// A program, built: `cargo test --test app` alone does not build it.
pub fn example(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let test = env::current_exe().unwrap();
        let profile = test.ancestors().nth(2).unwrap();
        let release = profile.file_name().is_some_and(|n| n == "release");
        let built = Command::new(env!("CARGO"))
            .args(["build", "-q", "-p", "boundary"])
            .args(["--example", "app", "--example", "frame_short"])
            .args(cfg!(feature = "winit-031").then_some("--all-features"))
            .args(release.then_some("--release"))
            .arg("--target-dir")
            .arg(profile.parent().unwrap())
            .status()
            .unwrap();
        assert!(built.success(), "the program is not built");
        profile.join("examples")
    });
    folder.join(name)
}

/// Looks again and again until `look` finds something.
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < LIMIT, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// The palette that the program reads when it is told of no other.
pub fn palette() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/app_palette.txt")
}

/// Its colors.
pub fn colors() -> Vec<Color> {
    let text = fs::read_to_string(palette()).unwrap();
    let number = |line| u32::from_str_radix(line, 16).unwrap();
    text.lines()
        .map(|line| number(line).to_be_bytes())
        .map(|[_, r, g, b]| [r, g, b, 255])
        .collect()
}

/// An X server without a screen, and a connection to it.
pub struct Screen {
    server: Child,
    pub display: String,
    connection: RustConnection,
    root: Window,
}

impl Screen {
    /// A screen on which the program can draw, or a skip.
    pub fn new() -> Option<Screen> {
        if let Err(why) = pollster::block_on(squares::open()) {
            skip(why);
            return None;
        }
        let server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-noreset", "-nolisten", "tcp"])
            .args(["-screen", "0", "1280x1024x24"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut server = match server {
            Ok(server) => server,
            Err(why) => {
                skip(format!("Xvfb: {why}"));
                return None;
            }
        };
        let mut number = String::new();
        let stdout = server.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut number).unwrap();
        let display = format!(":{}", number.trim());
        let (connection, screen) = x11rb::connect(Some(&display)).unwrap();
        let root = connection.setup().roots[screen].root;
        Some(Screen { server, display, connection, root })
    }

    /// Starts the whole program with `arguments`.
    pub fn start(&self, arguments: &[&Path]) -> Program {
        let mut command = Command::new(example("app"));
        command.args(arguments);
        self.start_here(command)
    }

    /// Starts a program on this screen.
    pub fn start_here(&self, mut command: Command) -> Program {
        command.env("DISPLAY", &self.display);
        command.env_remove("WAYLAND_DISPLAY");
        Program::start(command)
    }

    /// The window of the program, once it is there.
    pub fn window(&self) -> Window {
        wait_for("the window", || {
            let tree = self.connection.query_tree(self.root).unwrap();
            let named = |window: &Window| {
                let (name, text) = (AtomEnum::WM_NAME, AtomEnum::STRING);
                let cookie = self
                    .connection
                    .get_property(false, *window, name, text, 0, 64)
                    .unwrap();
                let name = cookie.reply().map(|reply| reply.value);
                name.is_ok_and(|name| name == b"From Poll to Pixel")
            };
            tree.reply().unwrap().children.into_iter().find(named)
        })
    }

    /// What the window shows, row by row; `None` when it is not so large.
    pub fn pixels(
        &self,
        window: Window,
        (width, height): (u32, u32),
    ) -> Option<Vec<[u8; 3]>> {
        let (width, height) = (width as u16, height as u16);
        let format = ImageFormat::Z_PIXMAP;
        let cookie = self
            .connection
            .get_image(format, window, 0, 0, width, height, u32::MAX)
            .unwrap();
        let data = cookie.reply().ok()?.data;
        Some(data.chunks_exact(4).map(|p| [p[2], p[1], p[0]]).collect())
    }

    /// Presses and releases a button of the mouse over the window.
    pub fn click(&self, window: Window, (x, y): (u32, u32), button: u8) {
        let place =
            self.connection.translate_coordinates(window, self.root, 0, 0);
        let place = place.unwrap().reply().unwrap();
        let (x, y) = (place.dst_x + x as i16, place.dst_y + y as i16);
        let input = |kind, detail| {
            self.connection
                .xtest_fake_input(kind, detail, 0, self.root, x, y, 0)
                .unwrap()
                .check()
                .unwrap();
        };
        const MOTION: u8 = 6;
        const PRESS: u8 = 4;
        const RELEASE: u8 = 5;
        input(MOTION, 0);
        input(PRESS, button);
        input(RELEASE, button);
    }

    /// Clicks on the cross of the title bar.
    pub fn close(&self, window: Window) {
        let atom = |name: &[u8]| {
            let cookie = self.connection.intern_atom(false, name).unwrap();
            cookie.reply().unwrap().atom
        };
        let message = ClientMessageEvent::new(
            32,
            window,
            atom(b"WM_PROTOCOLS"),
            [atom(b"WM_DELETE_WINDOW"), 0, 0, 0, 0],
        );
        let none = EventMask::NO_EVENT;
        let sent = self.connection.send_event(false, window, none, message);
        sent.unwrap().check().unwrap();
    }

    pub fn resize(&self, window: Window, (width, height): (u32, u32)) {
        let size = ConfigureWindowAux::new().width(width).height(height);
        let sent = self.connection.configure_window(window, &size);
        sent.unwrap().check().unwrap();
    }

    /// Takes the window away without asking.
    pub fn destroy(&self, window: Window) {
        let sent = self.connection.destroy_window(window);
        sent.unwrap().check().unwrap();
    }

    /// Ends the server under the program.
    pub fn end(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The program, which ends with its test.
pub struct Program(Child);

impl Program {
    pub fn start(mut command: Command) -> Program {
        // Without this folder the driver of Mesa says that it lacks one.
        command.env("XDG_RUNTIME_DIR", env::temp_dir());
        let command = command.stdout(Stdio::null()).stderr(Stdio::piped());
        Program(command.spawn().unwrap())
    }

    /// Waits for the end: the exit code, and what was said on the way.
    pub fn end(mut self) -> (Option<i32>, String) {
        let ended = wait_for("the end", || self.0.try_wait().unwrap());
        let mut said = String::new();
        let stderr = self.0.stderr.as_mut().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        (ended.code(), said.trim_end().to_string())
    }

    /// That it ended with exit code 1 and one line, and that line.
    pub fn refusal(self) -> String {
        let (code, said) = self.end();
        assert_eq!(code, Some(1), "{said}");
        assert!(!said.contains("panicked"), "{said}");
        assert!(!said.is_empty() && !said.contains('\n'), "{said}");
        said
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A pipe in place of the palette: the program reads what the test writes.
pub struct Pipe {
    pub path: PathBuf,
    end: Option<File>,
}

impl Pipe {
    pub fn new(name: &str) -> Pipe {
        let name = format!("app-{}-{name}", std::process::id());
        let path = env::temp_dir().join(name);
        let made = Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        Pipe { path, end: None }
    }

    /// Writes `colors`. The first call waits until the program reads.
    pub fn write(&mut self, colors: &[Color]) {
        let path = &self.path;
        let open = || OpenOptions::new().write(true).open(path).unwrap();
        let end = self.end.get_or_insert_with(open);
        for [r, g, b, _] in colors {
            writeln!(end, "{r:02x}{g:02x}{b:02x}").unwrap();
        }
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
