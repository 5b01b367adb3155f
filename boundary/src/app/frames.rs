//! Frames: what is shown now, and what to do when there is nothing to show it
//! on.

use wgpu::CurrentSurfaceTexture;

use super::failure::Failure;
use super::program::App;
use super::state::{COLORS, Scene};
use crate::frame::app::View as Place;
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
            self.frames += 1;
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
                if let Some(place) = &mut self.place {
                    place.renew_surface(&self.instance)?;
                }
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
}
