//! Frames: what is shown now, and what to do when there is nothing to show it
//! on.

use std::sync::Arc;

use wgpu::{CurrentSurfaceTexture, Surface};
use winit::window::Window;

use super::failure::Failure;
use super::program::App;
use super::state::{COLORS, Scene};
use super::tasks::Tasks;
use crate::frame::app::View as Place;
use crate::frame::setup::Gpu;
use crate::frame::surface::{self, Next};

impl App {
    // ANCHOR: redraw
    /// Shows a frame, when there is a GPU and a surface.
    pub(super) fn redraw(&mut self) -> Result<(), Failure> {
        match self.place.as_ref().and_then(Place::configured) {
            Some(surface) => {
                let texture = surface.get_current_texture();
                self.show(texture)
            }
            None => Ok(()),
        }
    }
    // ANCHOR_END: redraw

    // ANCHOR: show
    /// Shows a frame on `texture`, or mends the surface that gave none.
    ///
    /// # Errors
    /// When the window can no longer be drawn on.
    pub fn show(
        &mut self,
        texture: CurrentSurfaceTexture,
    ) -> Result<(), Failure> {
        let Some(state) = &self.state else { return Ok(()) };
        let draw = |target: &_| state.draw(target, self.scene());
        let next = surface::show(&state.gpu, texture, draw);
        if matches!(next, Next::Shown | Next::ShownStale) {
            self.shown += 1;
            self.proven = true;
        }
        match next {
            // The window cannot be seen: `Occluded(false)` will come.
            Next::Shown | Next::Hide => Ok(()),
            Next::Skip => {
                self.ask_for_redraw();
                Ok(())
            }
            Next::ShownStale | Next::Configure => self.configure(),
            Next::Recreate => {
                self.renew_surface()?;
                self.configure()
            }
        }
    }
    // ANCHOR_END: show

    // ANCHOR: scene
    /// What there is to see.
    pub fn scene(&self) -> Scene<'_> {
        let loaded = self.colors.len() as f32 / COLORS as f32;
        let progress = match &self.work {
            Some(work) if work.rounds == work.of => 0.0,
            Some(work) => work.rounds as f32 / work.of as f32,
            None => loaded,
        };
        let picture = self.picture.as_deref();
        Scene { picture, colors: self.colors.len(), progress }
    }
    // ANCHOR_END: scene

    /// How many frames have been shown.
    pub fn shown(&self) -> u64 {
        self.shown
    }

    /// The window, once `resumed` has opened it.
    pub fn window(&self) -> Option<&Arc<Window>> {
        self.place.as_ref().map(|place| &place.window)
    }

    /// The surface that frames are shown on. It changes when it is lost, and
    /// is gone while the application is suspended.
    pub fn surface(&self) -> Option<&Arc<Surface<'static>>> {
        self.place.as_ref().and_then(|place| place.surface.as_ref())
    }

    /// The GPU, once setup has come back with it.
    pub fn gpu(&self) -> Option<&Gpu> {
        self.state.as_ref().map(|state| &state.gpu)
    }

    /// The runtime, until the loop ends.
    pub fn tasks(&mut self) -> Option<&mut Tasks> {
        self.tasks.as_mut()
    }

    /// How far the picture is: its rounds, and how many it will have.
    pub fn rounds(&self) -> Option<(u32, u32)> {
        self.work.as_ref().map(|work| (work.rounds, work.of))
    }

    /// What ended the loop, unless the user did.
    pub fn into_failure(self) -> Option<Failure> {
        self.failure
    }
}
