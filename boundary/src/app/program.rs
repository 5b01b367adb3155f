//! The application: what it holds, and how each message changes it.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use wgpu::Instance;
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};

use super::failure::Failure;
use super::load::{Color, load};
use super::picture::View;
use super::refine::{ROUNDS, refine};
use super::setup::{open, tell_of_errors};
use super::shader::Shaders;
use super::state::{COLORS, Picture, State};
use super::tasks::{Message, Task, Tasks};
use crate::frame::app::View as Place;
use crate::frame::setup::{Gpu, SetupError};

// ANCHOR: app
/// A window with a picture that a compute shader makes.
pub struct App {
    pub(super) tasks: Option<Tasks>,
    pub(super) instance: Instance,
    shaders: Shaders,
    pub(super) place: Option<Place>,
    pub(super) state: Option<Arc<State>>,
    /// Setup, and the load of the palette: cancelled when dropped.
    pub(super) opening: Option<Task>,
    pub(super) loading: Option<Task>,
    pub(super) colors: Vec<Color>,
    /// The part of the set that the picture is to show.
    pub(super) view: View,
    pub(super) work: Option<Work>,
    /// What is shown: the newest picture that has had a round.
    pub(super) picture: Option<Arc<Picture>>,
    pub(super) cursor: (u32, u32),
    pub(super) failure: Option<Failure>,
    /// How often the work was started, and how many frames were shown.
    runs: u64,
    pub(super) shown: u64,
    /// Whether the present GPU has shown a frame.
    pub(super) proven: bool,
}

/// A picture that a task refines.
pub(super) struct Work {
    run: u64,
    picture: Arc<Picture>,
    /// How many rounds are done, of how many in all.
    pub(super) rounds: u32,
    pub(super) of: u32,
    /// Dropping it cancels the task.
    _task: Task,
}
// ANCHOR_END: app

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("place", &self.place)
            .field("state", &self.state)
            .field("view", &self.view)
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}

impl App {
    /// An application for the loop of `proxy`. It starts to read the palette;
    /// a window comes with `resumed`.
    ///
    /// # Errors
    /// When the system gives the runtime no thread.
    pub fn new(
        proxy: EventLoopProxy<Message>,
        instance: Instance,
        shaders: Shaders,
        palette: PathBuf,
    ) -> Result<App, Failure> {
        let mut tasks = Tasks::new(proxy).map_err(Failure::Threads)?;
        let outbox = tasks.outbox();
        let loading = tasks.spawn(load(palette, outbox));
        Ok(App {
            tasks: Some(tasks),
            instance,
            shaders,
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
            runs: 0,
            shown: 0,
            proven: false,
        })
    }

    pub(super) fn first_resumed(
        &mut self,
        event_loop: &ActiveEventLoop,
    ) -> Result<(), Failure> {
        self.place = Some(Place::open(event_loop, &self.instance)?);
        self.start();
        Ok(())
    }

    /// Opens a GPU for the surface, if there is one.
    fn start(&mut self) {
        let Some(surface) = self.surface().cloned() else { return };
        let Some(tasks) = &mut self.tasks else { return };
        let outbox = tasks.outbox();
        let (instance, shaders) = (self.instance.clone(), self.shaders.clone());
        let setup = open(instance, Some(surface), shaders);
        self.opening = Some(tasks.spawn(async move {
            let state = setup.await?;
            tell_of_errors(&state.gpu, outbox);
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
                if self.colors.len() == COLORS {
                    self.loading = None;
                    self.restart();
                }
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
                // A lost device makes other errors, too.
                self.renew_if_lost()?;
                let follows = self.state.is_none() && why.is_of_gpu();
                return if follows { Ok(()) } else { Err(why) };
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
        self.proven = false;
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
            Err(SetupError::DeviceLost(_)) => self.renew_if_lost(),
            Err(why) => Err(why.into()),
            Ok(()) => {
                self.ask_for_redraw();
                Ok(())
            }
        }
    }

    // ANCHOR_END: configure

    // ANCHOR: lost
    /// Opens another GPU when the present one is lost. What was made from the
    /// lost device goes; the window, the palette and the view stay.
    pub(super) fn renew_if_lost(&mut self) -> Result<(), Failure> {
        let Some(Err(why)) = self.gpu().map(Gpu::check) else {
            return Ok(());
        };
        if !self.proven {
            // It was lost before its first frame: the next one would be, too.
            return Err(why.into());
        }
        self.work = None;
        self.picture = None;
        self.state = None;
        if self.surface().is_some() {
            self.renew_surface()?;
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
        self.runs += 1;
        let picture = Arc::new(state.begin(&self.view, place.size));
        let (state, outbox) = (state.clone(), tasks.outbox());
        let work = refine(self.runs, state, picture.clone(), outbox);
        let task = tasks.spawn(work);
        let (run, rounds, of) = (self.runs, 0, ROUNDS);
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
    /// Makes the surface anew that `suspended` dropped, if it did.
    pub(super) fn resumed_again(&mut self) -> Result<(), Failure> {
        if self.surface().is_some() {
            return Ok(());
        }
        self.renew_surface()?;
        if self.state.is_none() && self.opening.is_none() {
            // The device was lost while the program was suspended.
            self.start();
        }
        self.configure()
    }

    pub(super) fn renew_surface(&mut self) -> Result<(), Failure> {
        if let Some(place) = &mut self.place {
            place.renew_surface(&self.instance)?;
        }
        Ok(())
    }
    // ANCHOR_END: resumed_again

    pub(super) fn ask_for_redraw(&self) {
        if let Some(place) = &self.place {
            place.window.request_redraw();
        }
    }
}
