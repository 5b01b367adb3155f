//! The application: what it holds, and how each message changes it.

use std::path::PathBuf;
use std::sync::Arc;

use wgpu::Instance;
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};

use super::failure::Failure;
use super::load::{Color, load};
use super::picture::View;
use super::refine::{ROUNDS, refine};
use super::setup::{open, tell_of_errors};
use super::state::{COLORS, Picture, State};
use super::tasks::{Message, Task, Tasks};
use crate::frame::app::View as Place;
use crate::frame::setup::{Gpu, SetupError};

// ANCHOR: app
/// A window with a picture that a compute shader makes.
#[derive(Debug)]
pub struct App {
    pub tasks: Option<Tasks>,
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
    pub work: Option<Work>,
    /// What is shown: the newest picture that has had a round.
    pub picture: Option<Arc<Picture>>,
    pub cursor: (u32, u32),
    pub failure: Option<Failure>,
    /// The numbers of the newest work and of the newest GPU.
    pub run: u64,
    pub gpu: u64,
    /// How many frames that GPU has shown.
    pub frames: u64,
}

/// A picture that a task refines.
#[derive(Debug)]
pub struct Work {
    pub run: u64,
    pub picture: Arc<Picture>,
    /// How many rounds are done, of how many in all.
    pub rounds: u32,
    pub of: u32,
    /// Dropping it cancels the task.
    _task: Task,
}
// ANCHOR_END: app

impl App {
    /// An application for the loop of `proxy`. It starts to read the palette;
    /// a window comes with `resumed`.
    ///
    /// # Errors
    /// When the system gives the runtime no thread.
    pub fn new(
        proxy: EventLoopProxy<Message>,
        instance: Instance,
        shader: String,
        palette: PathBuf,
    ) -> Result<App, Failure> {
        let mut tasks = Tasks::new(proxy).map_err(Failure::Threads)?;
        let outbox = tasks.outbox();
        let loading = tasks.spawn(load(palette, outbox));
        Ok(App {
            tasks: Some(tasks),
            instance,
            shader,
            place: None,
            state: None,
            opening: None,
            loading: Some(loading),
            colors: Vec::new(),
            view: View::HOME,
            work: None,
            picture: None,
            cursor: (0, 0),
            failure: None,
            run: 0,
            gpu: 0,
            frames: 0,
        })
    }

    /// Opens a GPU for the surface, if there is one.
    fn start(&mut self) {
        let (Some(tasks), Some(place)) = (&mut self.tasks, &self.place) else {
            return;
        };
        let Some(surface) = place.surface.clone() else { return };
        let outbox = tasks.outbox();
        let (instance, shader) = (self.instance.clone(), self.shader.clone());
        let (setup, gpu) = (open(instance, Some(surface), shader), self.gpu);
        self.opening = Some(tasks.spawn(async move {
            let state = setup.await?;
            tell_of_errors(&state.gpu, gpu, outbox);
            Ok(Message::Opened(Arc::new(state)))
        }));
    }

    // ANCHOR: receive
    /// Changes what `message` is about, and asks for a frame if it changed.
    pub(super) fn receive(&mut self, message: Message) -> Result<(), Failure> {
        match message {
            Message::Opened(state) => return self.opened(state),
            Message::Colors(more) => {
                self.colors.extend(more);
                if let Some(state) = &self.state {
                    state.set_palette(&self.colors);
                }
                self.restart();
            }
            Message::Refined { run, rounds, of } => match &mut self.work {
                Some(work) if work.run == run => {
                    (work.rounds, work.of) = (rounds, of);
                    self.picture = Some(work.picture.clone());
                }
                // The work on another picture, which was cancelled.
                _ => return Ok(()),
            },
            Message::Lost => return self.renew_if_lost(),
            Message::Failed(why) => {
                // A lost GPU makes other errors, too. They may come before
                // `Lost`, or when the next GPU is open.
                self.renew_if_lost()?;
                return match why {
                    Failure::Gpu(gpu, _) if gpu != self.gpu => Ok(()),
                    why => Err(why),
                };
            }
        }
        self.ask_for_redraw();
        Ok(())
    }
    // ANCHOR_END: receive

    fn opened(&mut self, state: Arc<State>) -> Result<(), Failure> {
        state.set_palette(&self.colors);
        self.state = Some(state);
        self.opening = None;
        self.configure()?;
        self.restart();
        Ok(())
    }

    // ANCHOR: configure
    /// Fits the surface to the window and asks for a frame.
    pub(super) fn configure(&mut self) -> Result<(), Failure> {
        let (Some(place), Some(state)) = (&self.place, &self.state) else {
            return Ok(());
        };
        // wgpu waits until the GPU is idle, and fails when it is not: nobody
        // else may hand work to it meanwhile.
        let turn = state.no_rounds();
        let configured = place.configure(&state.gpu);
        drop(turn);
        match configured {
            Err(SetupError::DeviceLost(_)) => return self.renew_if_lost(),
            other => other?,
        }
        self.ask_for_redraw();
        Ok(())
    }
    // ANCHOR_END: configure

    // ANCHOR: lost
    /// Opens another GPU when the present one is lost. What was made from the
    /// lost device goes; the window, the palette and the view stay.
    pub(super) fn renew_if_lost(&mut self) -> Result<(), Failure> {
        let Some(Err(why)) = self.gpu().map(Gpu::check) else {
            return Ok(());
        };
        if self.frames == 0 {
            // It was lost before its first frame: the next one would be, too.
            return Err(why.into());
        }
        self.gpu += 1;
        self.frames = 0;
        self.work = None;
        self.picture = None;
        self.state = None;
        if let Some(place) = &mut self.place
            && place.surface.is_some()
        {
            place.renew_surface(&self.instance)?;
        }
        self.start();
        Ok(())
    }
    // ANCHOR_END: lost

    // ANCHOR: restart
    /// Cancels the work on the old picture and starts that on a picture of
    /// the present view, if all that it takes is there.
    fn restart(&mut self) {
        self.work = None;
        let (Some(tasks), Some(state), Some(place)) =
            (&mut self.tasks, &self.state, &self.place)
        else {
            return;
        };
        if self.colors.len() < COLORS {
            return;
        }
        self.run += 1;
        let picture = Arc::new(state.begin(&self.view, place.size));
        let (state, outbox) = (state.clone(), tasks.outbox());
        let (run, gpu) = (self.run, self.gpu);
        let work = refine(run, state, picture.clone(), outbox);
        let task = tasks.spawn(async move {
            work.await.map_err(|why| Failure::Gpu(gpu, why))
        });
        let (rounds, of) = (0, ROUNDS);
        self.work = Some(Work { run, picture, rounds, of, _task: task });
    }

    /// Goes to another view.
    pub(super) fn look_at(&mut self, view: View) {
        self.view = view;
        self.restart();
        self.ask_for_redraw();
    }
    // ANCHOR_END: restart

    pub(super) fn resize(&mut self, size: (u32, u32)) -> Result<(), Failure> {
        let Some(place) = &mut self.place else { return Ok(()) };
        // Setup may still be on its way: the size waits for it.
        place.size = size;
        self.configure()?;
        self.restart();
        Ok(())
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

    /// The present GPU, once it is open.
    pub(super) fn gpu(&self) -> Option<&Gpu> {
        self.state.as_ref().map(|state| &state.gpu)
    }

    pub(super) fn ask_for_redraw(&self) {
        if let Some(place) = &self.place {
            place.window.request_redraw();
        }
    }
}
