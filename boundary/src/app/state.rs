//! What lives on the GPU. It knows neither threads nor windows, so that it is
//! the same in a browser.

use std::sync::{Mutex, MutexGuard, PoisonError};

use wgpu::{
    BindGroup, Buffer, BufferUsages, ComputePipeline, Device, ErrorFilter,
    Queue, RenderPipeline, SubmissionIndex, TextureFormat, TextureView,
};

use super::picture::View;
use super::pipelines::{self, buffer, bytes_of, group};
use super::shader::Shaders;

/// How many colors a palette has.
pub const COLORS: usize = 256;

/// An open GPU with the two compiled shaders and the palette.
#[derive(Debug)]
pub struct State {
    pub device: Device,
    queue: Queue,
    refine: ComputePipeline,
    show: RenderPipeline,
    palette: Buffer,
    screen: Buffer,
    /// Stands for the picture while there is none.
    blank: BindGroup,
    /// Held while a round is handed over, and while none may be.
    turn: Mutex<()>,
}

/// A picture that is being made. Nobody changes the view of a picture: for
/// another view there is another picture.
#[derive(Debug)]
pub struct Picture {
    size: (u32, u32),
    pub cells: Buffer,
    inside: Buffer,
    refine: BindGroup,
    show: BindGroup,
}

/// What a frame shows.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The picture, or none: then the palette itself is shown.
    pub picture: Option<&'a Picture>,
    /// How many colors of the palette have been loaded.
    pub colors: usize,
    /// The length of the bar at the bottom, between 0 and 1.
    pub progress: f32,
}

impl State {
    /// Compiles the shaders for targets of `format`.
    ///
    /// # Errors
    /// When a shader does not compile.
    pub async fn new(
        device: Device,
        queue: Queue,
        format: TextureFormat,
        shaders: &Shaders,
    ) -> Result<State, wgpu::Error> {
        let scope = device.push_error_scope(ErrorFilter::Validation);
        let refine = pipelines::refine(&device, &shaders.refine);
        let show = pipelines::show(&device, &shaders.show, format);
        if let Some(why) = scope.pop().await {
            return Err(why);
        }
        let palette = buffer(&device, 4 * COLORS as u64, BufferUsages::STORAGE);
        let screen = buffer(&device, 24, BufferUsages::UNIFORM);
        let cell = buffer(&device, 16, BufferUsages::STORAGE);
        let layout = show.get_bind_group_layout(0);
        let blank = group(&device, &layout, [&screen, &cell, &palette]);
        let turn = Mutex::new(());
        Ok(State { device, queue, refine, show, palette, screen, blank, turn })
    }

    /// Hands the palette to the GPU, as far as it has been loaded.
    pub fn set_palette(&self, colors: &[[u8; 4]]) {
        let colors = &colors[..colors.len().min(COLORS)];
        self.queue.write_buffer(&self.palette, 0, colors.as_flattened());
    }

    /// A picture of `view` with a cell for each pixel, not yet refined.
    pub fn begin(&self, view: &View, size: (u32, u32)) -> Picture {
        let size @ (width, height) = self.cells_for(size);
        let bytes = 16 * u64::from(width) * u64::from(height);
        let cells = buffer(&self.device, bytes, BufferUsages::STORAGE);
        let inside = buffer(&self.device, 4, BufferUsages::STORAGE);
        let uniform = buffer(&self.device, 20, BufferUsages::UNIFORM);
        let step = view.step(size) as u32;
        let numbers = [view.x as u32, view.y as u32, step, width, height];
        self.queue.write_buffer(&uniform, 0, &bytes_of(&numbers));
        let layout = self.refine.get_bind_group_layout(0);
        let refine = group(&self.device, &layout, [&uniform, &cells, &inside]);
        let layout = self.show.get_bind_group_layout(0);
        let shown = [&self.screen, &cells, &self.palette];
        let show = group(&self.device, &layout, shown);
        Picture { size, cells, inside, refine, show }
    }

    /// Fewer cells than pixels, where a buffer cannot hold as many.
    fn cells_for(&self, (mut width, mut height): (u32, u32)) -> (u32, u32) {
        let most = self.device.limits().max_storage_buffer_binding_size;
        while 16 * u64::from(width) * u64::from(height) > most {
            (width, height) = (width / 2, height / 2);
        }
        (width.max(1), height.max(1))
    }

    // ANCHOR: refine
    /// Hands one round to the GPU and returns at once: the buffer that will
    /// have the number of cells inside, and the number of this submission.
    pub fn refine(&self, picture: &Picture) -> (Buffer, SubmissionIndex) {
        let to_read = buffer(&self.device, 4, BufferUsages::MAP_READ);
        let mut commands =
            self.device.create_command_encoder(&Default::default());
        commands.clear_buffer(&picture.inside, 0, None);
        let mut pass = commands.begin_compute_pass(&Default::default());
        pass.set_pipeline(&self.refine);
        pass.set_bind_group(0, &picture.refine, &[]);
        let (width, height) = picture.size;
        pass.dispatch_workgroups(width.div_ceil(8), height.div_ceil(8), 1);
        drop(pass);
        commands.copy_buffer_to_buffer(&picture.inside, 0, &to_read, 0, 4);
        let _turn = self.no_rounds();
        let index = self.queue.submit([commands.finish()]);
        (to_read, index)
    }

    /// No round is handed to the GPU while the guard lives.
    pub fn no_rounds(&self) -> MutexGuard<'_, ()> {
        // The lock guards no value that a panic could have left half changed.
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
    // ANCHOR_END: refine

    /// Draws `scene` on `target`, which is `width` by `height` pixels large.
    pub fn draw(
        &self,
        target: &TextureView,
        (width, height): (u32, u32),
        scene: Scene<'_>,
    ) {
        let (columns, rows) = scene.picture.map_or((0, 0), |p| p.size);
        let bar = (scene.progress * width as f32) as u32;
        let colors = scene.colors as u32;
        let screen = [width, height, columns, rows, colors, bar];
        self.queue.write_buffer(&self.screen, 0, &bytes_of(&screen));
        let mut commands =
            self.device.create_command_encoder(&Default::default());
        let mut pass =
            commands.begin_render_pass(&wgpu::RenderPassDescriptor {
                color_attachments: &[Some(pipelines::onto(target))],
                ..Default::default()
            });
        pass.set_pipeline(&self.show);
        let shown = scene.picture.map_or(&self.blank, |p| &p.show);
        pass.set_bind_group(0, shown, &[]);
        pass.draw(0..3, 0..1);
        drop(pass);
        self.queue.submit([commands.finish()]);
    }

    /// Shows a frame that has been drawn.
    pub fn present(&self, frame: wgpu::SurfaceTexture) {
        self.queue.present(frame);
    }

    /// Copies what is on the GPU into a buffer that the program may read.
    pub fn copy(
        &self,
        bytes: u64,
        copy: impl FnOnce(&mut wgpu::CommandEncoder, &Buffer),
    ) -> (Buffer, SubmissionIndex) {
        let to_read = buffer(&self.device, bytes, BufferUsages::MAP_READ);
        let mut commands =
            self.device.create_command_encoder(&Default::default());
        copy(&mut commands, &to_read);
        let index = self.queue.submit([commands.finish()]);
        (to_read, index)
    }
}

#[cfg(test)]
mod tests {
    use listings::proof::skip;

    use super::*;
    use crate::app::picture::Cell;
    use crate::map_async::poller::{Poller, read};
    use crate::map_async::squares::{self, numbers};

    const FORMAT: TextureFormat = TextureFormat::Rgba8Unorm;

    fn state() -> Option<(State, Poller)> {
        let run = async {
            let (device, queue) = squares::open().await?;
            let poller = Poller::new(device.clone())?;
            let shaders = Shaders::default();
            let state = State::new(device, queue, FORMAT, &shaders).await;
            Ok::<_, crate::frame::setup::SetupError>((state.unwrap(), poller))
        };
        match pollster::block_on(run) {
            Ok(state) => Some(state),
            Err(why) => {
                skip(why);
                None
            }
        }
    }

    fn cells(state: &State, poller: &Poller, picture: &Picture) -> Vec<Cell> {
        let bytes = picture.cells.size();
        let (buffer, index) = state.copy(bytes, |commands, to_read| {
            let cells = &picture.cells;
            commands.copy_buffer_to_buffer(cells, 0, to_read, 0, bytes);
        });
        let bytes = pollster::block_on(read(poller, &buffer, index)).unwrap();
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
                let (buffer, index) = state.refine(&picture);
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
