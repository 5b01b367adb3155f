//! What lives on the GPU. It knows neither threads nor windows, so that it is
//! the same in a browser.

use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wgpu::{
    BindGroup, Buffer, BufferUsages, CommandEncoder, ComputePipeline, Instance,
    Surface, Texture,
};

use super::picture::View;
use super::shader::SHOW;
use crate::frame::setup::{Gpu, SetupError, checked, setup};
use crate::frame::triangle::paint;
use crate::map_async::squares::{buffer, bytes_of, dispatch, group, pipeline};

/// How many colors a palette has.
pub const COLORS: usize = 256;

/// A GPU whose pipeline shows a picture, with the shader that makes pictures
/// and the palette.
pub struct State {
    pub gpu: Gpu,
    refine: ComputePipeline,
    palette: Buffer,
    screen: Buffer,
    /// Stands for the picture while there is none.
    blank: BindGroup,
    /// Held while a round is handed over, and while none may be. Meanwhile
    /// wgpu may call back, so no callback may take this lock.
    turn: Mutex<()>,
}

/// A picture that is being made. Nobody changes the view of a picture: for
/// another view there is another picture.
pub struct Picture {
    size: (u32, u32),
    pub cells: Buffer,
    inside: Buffer,
    refine: BindGroup,
    show: BindGroup,
}

impl State {
    /// Opens the GPU that draws on `surface`, or into textures when there is
    /// none, and compiles `shader`, which makes pictures.
    ///
    /// # Errors
    /// The first [`SetupError`] on the way.
    pub async fn open(
        instance: Instance,
        surface: Option<Arc<Surface<'static>>>,
        shader: String,
    ) -> Result<State, SetupError> {
        let show = ready(Ok(SHOW.to_string()));
        let gpu = setup(&instance, surface, show).await?;
        let device = &gpu.device;
        let refine = checked(device, || pipeline(device, &shader)).await?;
        let palette = buffer(device, 4 * COLORS as u64, BufferUsages::STORAGE);
        let screen = buffer(device, 24, BufferUsages::UNIFORM);
        let layout = gpu.pipeline.get_bind_group_layout(0);
        // No cell is read, so any buffer will do in the place of the cells.
        let blank = group(device, &layout, &[&screen, &palette, &palette]);
        Ok(State { gpu, refine, palette, screen, blank, turn: Mutex::new(()) })
    }

    /// A picture of `view`, not yet refined, with a cell for each pixel; with
    /// fewer, where a buffer cannot hold as many.
    pub fn begin(&self, view: &View, size: (u32, u32)) -> Picture {
        let Gpu { device, queue, pipeline, .. } = &self.gpu;
        let most = device.limits().max_storage_buffer_binding_size / 16;
        let mut size = (size.0.max(1), size.1.max(1));
        while u64::from(size.0) * u64::from(size.1) > most {
            size = (size.0 / 2, size.1 / 2);
        }
        let bytes = 16 * u64::from(size.0) * u64::from(size.1);
        let cells = buffer(device, bytes, BufferUsages::STORAGE);
        let inside = buffer(device, 4, BufferUsages::STORAGE);
        let uniform = buffer(device, 24, BufferUsages::UNIFORM);
        let step = view.step(size) as u32;
        let numbers = [view.x as u32, view.y as u32, size.0, size.1, step];
        queue.write_buffer(&uniform, 0, &bytes_of(&numbers));
        let layout = self.refine.get_bind_group_layout(0);
        let refine = group(device, &layout, &[&uniform, &cells, &inside]);
        let layout = pipeline.get_bind_group_layout(0);
        let shown = [&self.screen, &cells, &self.palette];
        let show = group(device, &layout, &shown);
        Picture { size, cells, inside, refine, show }
    }

    // ANCHOR: refine
    /// Hands one round to the GPU and returns at once the buffer that will have
    /// the count.
    pub fn refine(&self, picture: &Picture) -> Buffer {
        let device = &self.gpu.device;
        let to_read = buffer(device, 4, BufferUsages::MAP_READ);
        let mut commands = device.create_command_encoder(&Default::default());
        commands.clear_buffer(&picture.inside, 0, None);
        let (width, height) = picture.size;
        let groups = (width.div_ceil(8), height.div_ceil(8));
        dispatch(&mut commands, &self.refine, &picture.refine, groups);
        commands.copy_buffer_to_buffer(&picture.inside, 0, &to_read, 0, 4);
        let _turn = self.no_rounds();
        self.gpu.queue.submit([commands.finish()]);
        to_read
    }

    /// No other round is handed to the GPU while the guard lives.
    pub fn no_rounds(&self) -> MutexGuard<'_, ()> {
        // The lock guards no value that a panic could have left half changed.
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
    // ANCHOR_END: refine

    /// The commands that draw `picture` on `target`; without a picture, the
    /// `colors` that have been loaded. `progress`, between 0 and 1, is the
    /// length of the bar at the bottom.
    pub fn draw(
        &self,
        target: &Texture,
        picture: Option<&Picture>,
        colors: &[[u8; 4]],
        progress: f32,
    ) -> CommandEncoder {
        let Gpu { device, queue, pipeline, .. } = &self.gpu;
        let (width, height) = (target.width(), target.height());
        let (columns, rows) = picture.map_or((0, 0), |p| p.size);
        let bar = (progress * width as f32) as u32;
        let screen = [width, height, columns, rows, bar];
        queue.write_buffer(&self.screen, 0, &bytes_of(&screen));
        queue.write_buffer(&self.palette, 0, colors.as_flattened());
        let shown = picture.map_or(&self.blank, |p| &p.show);
        paint(device, target, |pass| {
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, shown, &[]);
            pass.draw(0..3, 0..1);
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use listings::proof::skip;

    use super::*;
    use crate::app::reference::Cell;
    use crate::app::shader::REFINE;
    use crate::frame::picture::draw_with;
    use crate::map_async::poller::{Poller, read};
    use crate::map_async::squares::numbers;

    fn state() -> Option<(State, Poller)> {
        let shader = REFINE.to_string();
        match pollster::block_on(State::open(Default::default(), None, shader))
        {
            Ok(state) => {
                let poller = Poller::new(state.gpu.device.clone()).unwrap();
                Some((state, poller))
            }
            Err(why) => {
                skip(why);
                None
            }
        }
    }

    fn cells(state: &State, poller: &Poller, picture: &Picture) -> Vec<Cell> {
        let Gpu { device, queue, .. } = &state.gpu;
        let (cells, bytes) = (&picture.cells, picture.cells.size());
        let to_read = buffer(device, bytes, BufferUsages::MAP_READ);
        let mut commands = device.create_command_encoder(&Default::default());
        commands.copy_buffer_to_buffer(cells, 0, &to_read, 0, bytes);
        let index = queue.submit([commands.finish()]);
        let bytes = pollster::block_on(read(poller, &to_read, index)).unwrap();
        numbers(&bytes)
            .chunks_exact(4)
            .map(|n| Cell {
                x: n[0] as i32,
                y: n[1] as i32,
                steps: n[2],
                outside: n[3] == 1,
            })
            .collect()
    }

    #[test]
    fn without_a_picture_the_colors_are_drawn() {
        let Some((state, _)) = state() else { return };
        let red = [200, 10, 20, 255];
        let pixels = draw_with(&state.gpu, (100, 10), |target| {
            state.draw(target, None, &[red; COLORS / 2], 0.25)
        });
        let pixels = pixels.unwrap();
        assert_eq!(pixels.pixel(0, 0), red);
        assert_eq!(pixels.pixel(49, 5), red);
        assert_eq!(pixels.pixel(50, 5), [0, 0, 0, 255]);
        assert_eq!(pixels.pixel(24, 9), [255; 4]);
        assert_eq!(pixels.pixel(25, 9), red);
    }

    /// The call is not over when the one who has the turn has waited for it.
    #[test]
    fn a_round_is_handed_over_in_no_turn_of_another() {
        let Some((state, _)) = state() else { return };
        let picture = state.begin(&View::HOME, (8, 8));
        let (handed_over, over) = mpsc::channel();
        let turn = state.no_rounds();
        thread::scope(|scope| {
            scope.spawn(|| {
                state.refine(&picture);
                let _ = handed_over.send(());
            });
            let early = over.recv_timeout(Duration::from_millis(300));
            assert!(early.is_err(), "a round in the turn of another");
            drop(turn);
            over.recv().unwrap();
        });
    }

    #[test]
    fn the_gpu_gives_each_cell_what_the_reference_gives() {
        let Some((state, poller)) = state() else { return };
        let size = (61, 43);
        let mut views = vec![View::HOME];
        for at in [(20, 11), (30, 20), (40, 30), (10, 40), (50, 2), (3, 3)] {
            let last = views[views.len() - 1];
            views.push(last.closer(size, at));
        }
        for view in views {
            let picture = state.begin(&view, size);
            for rounds in 1..=3 {
                let buffer = state.refine(&picture);
                let index = state.gpu.queue.submit([]);
                let inside = read(&poller, &buffer, index);
                let inside = numbers(&pollster::block_on(inside).unwrap());
                let expected = view.cells(size, rounds);
                let found = cells(&state, &poller, &picture);
                assert!(found == expected, "{view:?} after {rounds} rounds");
                let left = expected.iter().filter(|cell| !cell.outside);
                assert_eq!(inside, [left.count() as u32]);
            }
        }
    }
}
