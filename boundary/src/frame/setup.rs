//! Everything a window needs from the GPU before its first frame, as one
//! future that knows nothing of windows and loops.

use std::error::Error;
use std::sync::{Arc, OnceLock};
use std::{fmt, io};

use wgpu::{
    Adapter, CommandEncoder, Device, ErrorFilter, Instance, PollError,
    PollType, Queue, RenderPipeline, RequestAdapterOptions, Surface, Texture,
    TextureFormat,
};

use super::triangle;

// ANCHOR: setup
/// What setup gives: a GPU that is ready to draw.
#[derive(Debug)]
pub struct Gpu {
    pub adapter: Adapter,
    pub device: Device,
    pub queue: Queue,
    pub format: TextureFormat,
    pub pipeline: RenderPipeline,
    lost: Arc<OnceLock<String>>,
}

/// Finds an adapter that can draw on `surface`, opens it and compiles the
/// shader that `source` gives. Without a surface, the GPU draws into textures.
///
/// # Errors
/// The first [`SetupError`] on the way.
///
/// # Cancel safety
/// Dropped at an `.await`, it closes what it has opened.
pub async fn setup(
    instance: &Instance,
    surface: Option<Arc<Surface<'static>>>,
    source: impl Future<Output = io::Result<String>>,
) -> Result<Gpu, SetupError> {
    let options = RequestAdapterOptions {
        compatible_surface: surface.as_deref(),
        ..Default::default()
    };
    let adapter = instance.request_adapter(&options).await?;
    let format = format_of(surface.as_deref(), &adapter)?;
    // The loop may have to close the surface while setup waits.
    drop(surface);
    let (device, queue) = adapter.request_device(&Default::default()).await?;
    let source = source.await?;
    Gpu::new(adapter, device, queue, format, &source).await
}
// ANCHOR_END: setup

// ANCHOR: compile
/// What `compile` makes of a shader.
///
/// # Errors
/// [`SetupError::Shader`] when the shader does not compile.
pub async fn checked<T>(
    device: &Device,
    compile: impl FnOnce() -> T,
) -> Result<T, SetupError> {
    let scope = device.push_error_scope(ErrorFilter::Validation);
    let compiled = compile();
    match scope.pop().await {
        Some(why) => Err(SetupError::Shader(why)),
        None => Ok(compiled),
    }
}

impl Gpu {
    /// Compiles the shader `source` for an open device.
    ///
    /// # Errors
    /// [`SetupError::Shader`] when it does not compile.
    pub async fn new(
        adapter: Adapter,
        device: Device,
        queue: Queue,
        format: TextureFormat,
        source: &str,
    ) -> Result<Gpu, SetupError> {
        let compile = || triangle::pipeline(&device, format, source);
        let pipeline = checked(&device, compile).await?;
        let lost = Arc::default();
        Ok(Gpu { adapter, device, queue, format, pipeline, lost })
    }
    // ANCHOR_END: compile

    /// The commands that draw the triangle on `target`.
    pub fn draw(&self, target: &Texture) -> CommandEncoder {
        triangle::draw(&self.device, &self.pipeline, target)
    }

    // ANCHOR: lost
    /// Calls `then` when the device is lost, on the thread that notices it.
    pub fn when_lost(&self, then: impl Fn(SetupError) + Send + 'static) {
        let lost = self.lost.clone();
        self.device.set_device_lost_callback(move |reason, message| {
            let why = format!("{reason:?} {message}").trim_end().to_string();
            then(SetupError::DeviceLost(lost.get_or_init(|| why).clone()));
        });
    }

    /// # Errors
    /// [`SetupError::DeviceLost`], once the device is lost.
    pub fn check(&self) -> Result<(), SetupError> {
        // A lost device refuses all work, even an empty list, and a wait for
        // refused work fails. Where no wait is allowed, as with WebGL in a
        // browser, the error is another one.
        let submission_index = Some(self.queue.submit([]));
        let wait = PollType::Wait { submission_index, timeout: None };
        let refused = match self.device.poll(wait) {
            Err(PollError::WrongSubmissionIndex(..)) => Some("it refuses work"),
            _ => None,
        };
        match self.lost.get().map(String::as_str).or(refused) {
            Some(why) => Err(SetupError::DeviceLost(why.to_string())),
            None => Ok(()),
        }
    }
    // ANCHOR_END: lost
}

/// How a surface, or a texture, stores colors: not as sRGB, if it can, so that
/// a color is stored as a shader gives it. A browser's canvas has no sRGB.
///
/// # Errors
/// [`SetupError::Unsupported`] when the adapter cannot draw on the surface.
pub fn format_of(
    surface: Option<&Surface<'static>>,
    adapter: &Adapter,
) -> Result<TextureFormat, SetupError> {
    let formats = match surface {
        Some(surface) => surface.get_capabilities(adapter).formats,
        None => vec![TextureFormat::Rgba8Unorm],
    };
    let plain = formats.iter().find(|format| !format.is_srgb());
    plain.or(formats.first()).copied().ok_or(SetupError::Unsupported)
}

/// Why nothing can be drawn on a window, or no longer.
#[derive(thiserror::Error)]
pub enum SetupError {
    /// The system gave no window.
    #[error("no window: {0}")]
    Window(Box<dyn Error + Send + Sync>),
    /// No driver could make a surface of the window.
    #[error("no surface: {0}; {advice}", advice = ADVICE)]
    Surface(#[from] wgpu::CreateSurfaceError),
    /// No adapter can draw on the surface.
    #[error("no adapter: {0}; {advice}", advice = ADVICE)]
    Adapter(#[from] wgpu::RequestAdapterError),
    /// The adapter did not open.
    #[error("no device: {0}")]
    Device(#[from] wgpu::RequestDeviceError),
    /// The shader's source did not arrive.
    #[error("no shader: {0}")]
    Source(#[from] io::Error),
    /// The shader did not compile.
    #[error("a wrong shader: {}", in_a_line(&.0.to_string()))]
    Shader(wgpu::Error),
    /// The adapter no longer draws on the surface: its window is gone.
    #[error("the adapter cannot draw on this window")]
    Unsupported,
    /// The task that ran setup panicked.
    #[cfg(not(target_arch = "wasm32"))]
    #[error("setup panicked: {0}")]
    Panicked(tokio::task::JoinError),
    /// The device is gone: its driver was reset, or it was destroyed.
    #[error("the device is lost: {0}; start the program anew")]
    DeviceLost(String),
}

const ADVICE: &str =
    "install a Vulkan driver, such as Debian's mesa-vulkan-drivers";

/// What is wrong with a shader, and where, out of a report of many lines.
fn in_a_line(report: &str) -> String {
    let line = |sign| report.lines().find(|line| line.contains(sign));
    let what = line(" error: ").or(report.lines().next()).unwrap_or_default();
    let place = line("┌─").and_then(|line| line.split_once("┌─"));
    match place {
        Some((_, place)) => format!("{} at {}", what.trim(), place.trim()),
        None => what.trim().to_string(),
    }
}

/// The same line: it is what `main` prints of an error that it returns.
impl fmt::Debug for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::super::triangle::SHADER;
    use super::*;
    use listings::proof::{skip, watchdog};

    fn shader() -> impl Future<Output = io::Result<String>> {
        ready(Ok(SHADER.to_string()))
    }

    #[test]
    fn setup_without_a_surface_gives_a_gpu() {
        let instance = Instance::default();
        match pollster::block_on(setup(&instance, None, shader())) {
            Ok(gpu) => assert_eq!(gpu.format, TextureFormat::Rgba8Unorm),
            Err(why) => skip(why),
        }
    }

    fn error_of(source: io::Result<&str>) -> Option<SetupError> {
        let instance = Instance::default();
        let source = ready(source.map(str::to_string));
        match pollster::block_on(setup(&instance, None, source)) {
            Ok(_) => panic!("it cannot draw"),
            Err(why @ (SetupError::Adapter(_) | SetupError::Device(_))) => {
                skip(why);
                None
            }
            Err(why) => Some(why),
        }
    }

    #[test]
    fn a_wrong_shader_is_an_error_and_no_panic() {
        let why = error_of(Ok("fn corner( {"));
        assert!(matches!(why, None | Some(SetupError::Shader(_))), "{why:?}");
        if let Some(why) = why {
            let why = why.to_string();
            assert_eq!(why.lines().count(), 1, "{why}");
            assert!(why.contains("wgsl:1:12"), "{why}");
        }
    }

    #[test]
    fn a_shader_that_does_not_arrive_is_an_error() {
        let why = error_of(Err(io::ErrorKind::NotFound.into()));
        assert!(matches!(why, None | Some(SetupError::Source(_))), "{why:?}");
    }

    #[test]
    fn a_device_is_lost_before_another_thread_has_called_back() {
        let mut descriptor =
            wgpu::InstanceDescriptor::new_without_display_handle();
        descriptor.backends = wgpu::Backends::NOOP;
        descriptor.backend_options.noop.enable = true;
        let instance = Instance::new(descriptor);
        let gpu = pollster::block_on(setup(&instance, None, shader())).unwrap();
        let (calls, called) = mpsc::channel();
        gpu.when_lost(move |_| calls.send(()).unwrap());
        assert!(gpu.check().is_ok());

        // The thread that polls takes the callbacks out, and is held up in
        // the first of them. The one of the loss comes after it.
        let (holds, held) = mpsc::channel();
        let (lets_go, goes_on) = mpsc::channel::<()>();
        gpu.device.destroy();
        gpu.queue.on_submitted_work_done(move || {
            holds.send(()).unwrap();
            goes_on.recv().unwrap();
        });
        let device = gpu.device.clone();
        watchdog(Duration::from_secs(30), move || {
            let polls = thread::spawn(move || device.poll(PollType::Poll));
            held.recv().unwrap();
            assert!(called.try_recv().is_err(), "it has called back already");
            assert!(gpu.check().is_err(), "it waits for the callback");
            lets_go.send(()).unwrap();
            polls.join().unwrap().unwrap();
            assert!(called.try_recv().is_ok(), "nobody has called back");
        })
        .unwrap();
    }

    #[test]
    fn an_error_is_printed_as_its_line() {
        let why = SetupError::from(io::Error::other("no such file"));
        assert_eq!(format!("{why:?}"), "no shader: no such file");
    }
}
