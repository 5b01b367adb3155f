//! Frames: what is shown now, and what to do when there is nothing to show it
//! on.

use wgpu::CurrentSurfaceTexture;

use super::program::App;
use super::refine::ROUNDS;
use super::state::COLORS;
use super::tasks::Failure;
use crate::frame::app::View as Place;
use crate::frame::surface;

impl App {
    // ANCHOR: redraw
    /// Shows a frame, when there is a GPU and a surface.
    pub(super) fn redraw(&mut self) -> Result<(), Failure> {
        match self.place.as_ref().and_then(Place::texture) {
            Some(texture) => self.show(texture),
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
        // It may have to configure the surface.
        let _turn = state.no_rounds();
        let picture = self.picture.as_deref();
        let draw = |target: &_| {
            state.draw(target, picture, &self.colors, self.progress())
        };
        let next = surface::show(&state.gpu, texture, draw);
        if next.is_shown() {
            self.frames += 1;
        }
        let Some(place) = &mut self.place else { return Ok(()) };
        place
            .mend(next, &self.instance, &state.gpu)
            .map_err(|why| Failure::Gpu(self.gpu, why.into()))
    }
    // ANCHOR_END: show

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
}
