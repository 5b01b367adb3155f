//! The application: what it holds, and how each message changes it.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;
use wgpu::Instance;
use winit::event::MouseButton;
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};

use super::load::{Color, load};
use super::picture::View;
use super::refine::refine;
use super::state::{COLORS, Picture, State};
use super::tasks::{Failure, Message, Task, Tasks, tell_of_errors};
use crate::frame::app::View as Place;

// ANCHOR: app
/// A window with a picture that a compute shader makes.
#[derive(Debug)]
pub struct App {
    pub tasks: Tasks,
    pub instance: Instance,
    /// The text of the compute shader.
    pub shader: String,
    pub place: Option<Place>,
    pub state: Option<Arc<State>>,
    /// Setup, and the load of the palette: cancelled when dropped.
    pub opening: Option<Task>,
    pub loading: Option<Task>,
    pub colors: Vec<Color>,
    /// The part of the set that the picture is to show.
    pub view: View,
    /// The task that refines a picture, its number, and its rounds so far.
    pub work: Option<Task>,
    pub run: u64,
    pub rounds: u32,
    /// What is shown: the newest picture that has had a round.
    pub picture: Option<Arc<Picture>>,
    pub cursor: (u32, u32),
    pub failure: Option<Failure>,
    /// The number of the newest GPU, and how many frames it has shown.
    pub gpu: u64,
    pub frames: u64,
}
// ANCHOR_END: app

impl App {
    /// An application for the loop of `proxy`, with tasks on `runtime`. It
    /// starts to read the palette; a window comes with `resumed`.
    pub fn new(
        runtime: Handle,
        proxy: EventLoopProxy<Message>,
        instance: Instance,
        shader: String,
        palette: PathBuf,
    ) -> App {
        let mut tasks = Tasks::new(runtime, proxy);
        let loading = tasks.spawn(load(palette, tasks.outbox.clone()));
        App {
            tasks,
            instance,
            shader,
            place: None,
            state: None,
            opening: None,
            loading: Some(loading),
            colors: Vec::new(),
            view: View::HOME,
            work: None,
            run: 0,
            rounds: 0,
            picture: None,
            cursor: (0, 0),
            failure: None,
            gpu: 0,
            frames: 0,
        }
    }

    /// Opens a GPU for the surface, if there is one.
    fn start(&mut self) {
        let surface = self.place.as_ref().and_then(|it| it.surface.clone());
        if surface.is_none() {
            return;
        }
        let (outbox, gpu) = (self.tasks.outbox.clone(), self.gpu);
        let (instance, shader) = (self.instance.clone(), self.shader.clone());
        let setup = State::open(instance, surface, shader);
        self.opening = Some(self.tasks.spawn(async move {
            let state = setup.await?;
            tell_of_errors(&state.gpu, gpu, outbox.clone());
            outbox.send(Message::Opened(Arc::new(state)));
            Ok(())
        }));
    }

    // ANCHOR: receive
    /// Changes what `message` is about, and asks for a frame if it changed.
    pub(super) fn receive(&mut self, message: Message) -> Result<(), Failure> {
        match message {
            Message::Opened(state) => {
                self.state = Some(state);
                self.opening = None;
                self.restart();
                self.configure()?;
            }
            Message::Colors(more) => {
                self.colors.extend(more);
                self.restart();
            }
            // Work on another picture, which was cancelled.
            Message::Refined { run, .. } if run != self.run => return Ok(()),
            Message::Refined { picture, rounds, .. } => {
                self.picture = Some(picture);
                self.rounds = rounds;
            }
            Message::Failed(why) => return Err(why),
        }
        self.ask_for_redraw();
        Ok(())
    }
    // ANCHOR_END: receive

    // ANCHOR: configure
    /// Fits the surface to the window and asks for a frame.
    pub(super) fn configure(&mut self) -> Result<(), Failure> {
        let (Some(place), Some(state)) = (&self.place, &self.state) else {
            return Ok(());
        };
        // wgpu waits until the GPU is idle, and fails when it is not: nobody
        // else may hand work to it meanwhile.
        let _turn = state.no_rounds();
        place
            .configure_and_redraw(&state.gpu)
            .map_err(|why| Failure::Gpu(self.gpu, why.into()))
    }
    // ANCHOR_END: configure

    // ANCHOR: lost
    /// Opens another GPU if the present one is lost. What was made from the
    /// lost device goes; the window, the palette and the view stay. Gives
    /// `why` back, unless it is an error of a GPU that is gone.
    pub(super) fn recover(&mut self, why: Failure) -> Result<(), Failure> {
        if let Some(state) = &self.state
            && let Err(lost) = state.gpu.check()
        {
            if self.frames == 0 {
                // Lost before its first frame: the next one would be, too.
                return Err(lost.into());
            }
            self.gpu += 1;
            self.frames = 0;
            self.cancel();
            self.picture = None;
            self.state = None;
            if let Some(place) = &mut self.place
                && place.surface.is_some()
            {
                place.renew_surface(&self.instance)?;
            }
            self.start();
        }
        match why {
            Failure::Gpu(gpu, _) if gpu != self.gpu => Ok(()),
            why => Err(why),
        }
    }
    // ANCHOR_END: lost

    // ANCHOR: restart
    /// Cancels the work on the old picture.
    fn cancel(&mut self) {
        self.work = None;
        self.run += 1;
        self.rounds = 0;
    }

    /// Cancels the work on the old picture and starts that on a picture of
    /// the present view, if all that it takes is there.
    fn restart(&mut self) {
        self.cancel();
        let (Some(state), Some(place)) = (&self.state, &self.place) else {
            return;
        };
        if self.colors.len() < COLORS {
            return;
        }
        let picture = Arc::new(state.begin(&self.view, place.size));
        let outbox = self.tasks.outbox.clone();
        let work = refine(self.run, state.clone(), picture, outbox);
        let gpu = self.gpu;
        self.work = Some(self.tasks.spawn(async move {
            work.await.map_err(|why| Failure::Gpu(gpu, why))
        }));
    }

    /// A click of the left button goes closer, one of the right button home.
    pub(super) fn press(&mut self, button: MouseButton) {
        let Some(place) = &self.place else { return };
        self.view = match button {
            MouseButton::Left => self.view.closer(place.size, self.cursor),
            MouseButton::Right => View::HOME,
            _ => return,
        };
        self.restart();
        self.ask_for_redraw();
    }
    // ANCHOR_END: restart

    pub(super) fn resize(&mut self, size: (u32, u32)) -> Result<(), Failure> {
        if let Some(place) = &mut self.place {
            // Setup may still be on its way: the size waits for it.
            place.size = size;
        }
        self.restart();
        self.configure()
    }

    // ANCHOR: resumed_again
    /// Makes what is missing: the window, its surface, a GPU for it.
    pub(super) fn resume(
        &mut self,
        event_loop: &ActiveEventLoop,
    ) -> Result<(), Failure> {
        match &mut self.place {
            Some(place) if place.surface.is_some() => return Ok(()),
            Some(place) => place.renew_surface(&self.instance)?,
            None => self.place = Some(Place::open(event_loop, &self.instance)?),
        }
        // The device may have been lost while the program was suspended.
        if self.state.is_none() && self.opening.is_none() {
            self.start();
        }
        self.configure()
    }
    // ANCHOR_END: resumed_again

    pub(super) fn ask_for_redraw(&self) {
        if let Some(place) = &self.place {
            place.window.request_redraw();
        }
    }
}
