//! The application: what it holds, and how each event and each message changes
//! it.

use std::path::PathBuf;
use std::sync::Arc;

use wgpu::{CurrentSurfaceTexture, Instance};
use winit::application::ApplicationHandler;
use winit::event::{ElementState, MouseButton, WindowEvent};
use winit::event_loop::ActiveEventLoop;
use winit::window::WindowId;

use super::load::{Color, load};
use super::picture::View;
use super::refine::{ROUNDS, refine};
use super::state::{COLORS, Picture, State};
use super::tasks::{Failure, Message, Task, Tasks, tell_of_errors};
use crate::frame::app::View as Place;
use crate::frame::surface::{self, Next};

// ANCHOR: app
/// A window with a picture that a compute shader makes.
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

// ANCHOR: handler
impl ApplicationHandler<Message> for App {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if let Err(why) = self.resume(event_loop) {
            self.fail(why);
        }
    }

    fn suspended(&mut self, _: &ActiveEventLoop) {
        // Setup may share the surface, and drops its share once it has an
        // adapter.
        if let Some(place) = &mut self.place {
            place.surface = None;
        }
    }
    // ANCHOR_END: handler

    // ANCHOR: receive
    fn user_event(&mut self, event_loop: &ActiveEventLoop, message: Message) {
        match message {
            Message::Opened(state) => {
                self.state = Some(state);
                self.opening = None;
                self.restart();
                self.mend(Next::Configure);
            }
            Message::Colors(more) => {
                self.colors.extend(more);
                self.restart();
            }
            Message::Refined { run, picture, rounds } if run == self.run => {
                self.picture = Some(picture);
                self.rounds = rounds;
                self.mend(Next::Redraw);
            }
            // Work on another picture, which was cancelled.
            Message::Refined { .. } => {}
            Message::Failed(why) => {
                if let Err(why) = self.recover(why) {
                    // What comes after the first error follows from it.
                    self.failure.get_or_insert(why);
                    event_loop.exit();
                }
            }
        }
    }
    // ANCHOR_END: receive

    fn window_event(
        &mut self,
        event_loop: &ActiveEventLoop,
        _: WindowId,
        event: WindowEvent,
    ) {
        match event {
            WindowEvent::Resized(size) => self.resize(size.into()),
            WindowEvent::RedrawRequested => self.redraw(),
            WindowEvent::Occluded(false) => self.mend(Next::Redraw),
            WindowEvent::CursorMoved { position, .. } => {
                self.cursor = position.into();
            }
            WindowEvent::MouseInput {
                state: ElementState::Pressed,
                button,
                ..
            } => self.press(button),
            WindowEvent::CloseRequested | WindowEvent::Destroyed => {
                event_loop.exit();
            }
            _ => {}
        }
    }

    // ANCHOR: exiting
    fn exiting(&mut self, _: &ActiveEventLoop) {
        self.opening = None;
        self.loading = None;
        self.work = None;
        // The tasks end first, because setup may share the surface. After
        // that only `self` owns the window, so it closes here.
        self.tasks.wait();
        // Nobody hands work to the GPU any more, so a thread that polls it
        // returns when this poll does.
        if let Some(state) = &self.state {
            let _ = state.gpu.check();
        }
        self.picture = None;
        self.state = None;
        self.place = None;
    }
    // ANCHOR_END: exiting
}

impl App {
    /// An application with these `tasks`. The first of them reads the palette
    /// in `file`; a window comes with `resumed`.
    pub fn new(
        mut tasks: Tasks,
        instance: Instance,
        shader: String,
        file: PathBuf,
    ) -> App {
        let proxy = tasks.proxy.clone();
        let loading = tasks.spawn(async move {
            let tell = |colors| {
                let _ = proxy.send_event(Message::Colors(colors));
            };
            load(&file, tell).await.map_err(|why| Failure::Palette(file, why))
        });
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

    // ANCHOR: resumed_again
    /// Makes what is missing: the window, its surface, a GPU for it.
    fn resume(&mut self, event_loop: &ActiveEventLoop) -> Result<(), Failure> {
        match &mut self.place {
            Some(place) if place.surface.is_some() => return Ok(()),
            Some(place) => place.renew_surface(&self.instance)?,
            None => self.place = Some(Place::open(event_loop, &self.instance)?),
        }
        self.start();
        self.mend(Next::Configure);
        Ok(())
    }
    // ANCHOR_END: resumed_again

    /// Opens a GPU for the surface, if there is a surface, unless there is a
    /// GPU already or one is being opened.
    fn start(&mut self) {
        let surface = self.place.as_ref().and_then(|it| it.surface.clone());
        if surface.is_none() || self.state.is_some() || self.opening.is_some() {
            return;
        }
        let (instance, shader) = (self.instance.clone(), self.shader.clone());
        let setup = State::open(instance, surface, shader);
        let (gpu, proxy) = (self.gpu, self.tasks.proxy.clone());
        self.opening = Some(self.tasks.spawn(async move {
            let state = setup.await?;
            tell_of_errors(&state.gpu, gpu, proxy.clone());
            let _ = proxy.send_event(Message::Opened(Arc::new(state)));
            Ok(())
        }));
    }

    // ANCHOR: restart
    /// Cancels the work on the old picture, starts the work on a picture of
    /// the present view if all that it takes is there, and asks for a frame.
    fn restart(&mut self) {
        self.work = None;
        self.run += 1;
        self.rounds = 0;
        if let (Some(state), Some(place)) = (&self.state, &self.place)
            && self.colors.len() == COLORS
        {
            let picture = Arc::new(state.begin(&self.view, place.size));
            let (state, proxy) = (state.clone(), self.tasks.proxy.clone());
            let work = refine(self.run, self.gpu, state, picture, proxy);
            self.work = Some(self.tasks.spawn(work));
        }
        self.mend(Next::Redraw);
    }

    /// A click of the left button goes closer, one of the right button home.
    fn press(&mut self, button: MouseButton) {
        let Some(place) = &self.place else { return };
        self.view = match button {
            MouseButton::Left => self.view.closer(place.size, self.cursor),
            MouseButton::Right => View::HOME,
            _ => return,
        };
        self.restart();
    }
    // ANCHOR_END: restart

    fn resize(&mut self, size: (u32, u32)) {
        let Some(place) = &mut self.place else { return };
        // Setup may still be on its way: the size waits for it.
        place.size = size;
        self.restart();
        self.mend(Next::Configure);
    }

    // ANCHOR: progress
    /// The length of the bar: none when all is done.
    fn progress(&self) -> f32 {
        if self.work.is_none() {
            self.colors.len() as f32 / COLORS as f32
        } else if self.rounds < ROUNDS {
            self.rounds as f32 / ROUNDS as f32
        } else {
            0.0
        }
    }
    // ANCHOR_END: progress

    // ANCHOR: redraw
    /// Shows a frame, when there is a surface that has been configured.
    fn redraw(&mut self) {
        if let Some(texture) = self.place.as_ref().and_then(Place::texture) {
            self.show(texture);
        }
    }
    // ANCHOR_END: redraw

    // ANCHOR: show
    /// Shows a frame on `texture`, or mends the surface that gave none.
    pub fn show(&mut self, texture: CurrentSurfaceTexture) {
        let Some(state) = &self.state else { return };
        let picture = self.picture.as_deref();
        let next = surface::show(&state.gpu, texture, |target| {
            state.draw(target, picture, &self.colors, self.progress())
        });
        self.frames += u64::from(next.is_shown());
        self.mend(next);
    }
    // ANCHOR_END: show

    // ANCHOR: mend
    /// Does what is `next` for the window and its surface.
    fn mend(&mut self, next: Next) {
        if let (Some(place), Some(state)) = (&mut self.place, &self.state) {
            // To configure a surface, wgpu waits until the GPU is idle, and
            // fails when it is not: nobody else may hand work to it meanwhile.
            let _turn = state.no_rounds();
            if let Err(why) = place.mend(next, &self.instance, &state.gpu) {
                self.fail(Failure::Gpu(self.gpu, why.into()));
            }
        }
    }
    // ANCHOR_END: mend

    /// An error is a message, too, when it comes from this thread.
    fn fail(&self, why: Failure) {
        let _ = self.tasks.proxy.send_event(Message::Failed(why));
    }

    // ANCHOR: lost
    /// Opens another GPU if the present one is lost. What was made from the
    /// lost device goes; the window, the palette and the view stay. Gives
    /// `why` back, unless it is an error of a GPU that is gone.
    fn recover(&mut self, why: Failure) -> Result<(), Failure> {
        if let Some(Err(lost)) = self.state.as_ref().map(|it| it.gpu.check()) {
            if self.frames == 0 {
                // Lost before its first frame: the next one would be, too.
                return Err(lost.into());
            }
            self.gpu += 1;
            self.frames = 0;
            self.state = None;
            self.picture = None;
            // This only cancels the work: there is no GPU.
            self.restart();
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
}
