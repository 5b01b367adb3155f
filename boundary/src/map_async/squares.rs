//! A computation on the GPU: each number is squared, and the squares are
//! copied into a buffer that the program may read.

use wgpu::{
    BindGroup, BindGroupLayout, Buffer, BufferUsages, CommandEncoder,
    ComputePipeline, Device, Instance, Queue, SubmissionIndex,
};

use crate::frame::setup::{SetupError, checked};

// ANCHOR: shader
/// The program that runs on the GPU, once for each number.
pub const SHADER: &str = "
@group(0) @binding(0) var<storage, read_write> numbers: array<u32>;

@compute @workgroup_size(64)
fn square(@builtin(global_invocation_id) id: vec3u) {
    if id.x < arrayLength(&numbers) {
        numbers[id.x] = numbers[id.x] * numbers[id.x];
    }
}
";
// ANCHOR_END: shader

/// A GPU that squares numbers.
#[derive(Debug)]
pub struct Squares {
    pub device: Device,
    pub queue: Queue,
    pipeline: ComputePipeline,
}

/// Opens a GPU without a window.
///
/// # Errors
/// [`SetupError`] when there is none, or when it does not open.
pub async fn open() -> Result<(Device, Queue), SetupError> {
    let instance = Instance::default();
    let adapter = instance.request_adapter(&Default::default()).await?;
    Ok(adapter.request_device(&Default::default()).await?)
}

/// Compiles `shader`, which has one entry point. A shader that does not compile
/// is an error of the innermost error scope.
pub fn pipeline(device: &Device, shader: &str) -> ComputePipeline {
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: None,
        source: wgpu::ShaderSource::Wgsl(shader.into()),
    });
    device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label: None,
        layout: None,
        module: &module,
        entry_point: None,
        compilation_options: Default::default(),
        cache: None,
    })
}

impl Squares {
    /// Compiles `shader` for a GPU.
    ///
    /// # Errors
    /// [`SetupError::Shader`] when it does not compile.
    pub async fn new(
        device: &Device,
        queue: &Queue,
        shader: &str,
    ) -> Result<Squares, SetupError> {
        let pipeline = checked(device, || pipeline(device, shader)).await?;
        let (device, queue) = (device.clone(), queue.clone());
        Ok(Squares { device, queue, pipeline })
    }

    // ANCHOR: submit
    /// Hands the work to the GPU and returns at once: the buffer that will
    /// have the squares, and the number of this submission.
    ///
    /// # Panics
    /// wgpu panics by default when there is no number, or more than 64 times
    /// 65 535.
    pub fn submit(&self, numbers: &[u32]) -> (Buffer, SubmissionIndex) {
        let bytes = bytes_of(numbers);
        let size = bytes.len() as u64;
        let on_gpu = buffer(&self.device, size, BufferUsages::STORAGE);
        let to_read = buffer(&self.device, size, BufferUsages::MAP_READ);
        self.queue.write_buffer(&on_gpu, 0, &bytes);

        let mut commands =
            self.device.create_command_encoder(&Default::default());
        let layout = self.pipeline.get_bind_group_layout(0);
        let group = group(&self.device, &layout, &[&on_gpu]);
        let groups = (numbers.len().div_ceil(64) as u32, 1);
        dispatch(&mut commands, &self.pipeline, &group, groups);
        commands.copy_buffer_to_buffer(&on_gpu, 0, &to_read, 0, size);
        let index = self.queue.submit([commands.finish()]);
        (to_read, index)
    }
    // ANCHOR_END: submit
}

/// A buffer of zeros for `usage` and for copies.
pub fn buffer(device: &Device, size: u64, usage: BufferUsages) -> Buffer {
    let copies = match usage {
        BufferUsages::MAP_READ => BufferUsages::COPY_DST,
        _ => BufferUsages::COPY_DST | BufferUsages::COPY_SRC,
    };
    device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size,
        usage: usage | copies,
        mapped_at_creation: false,
    })
}

/// Binds `buffers` to the numbers 0, 1, 2 and so on.
pub fn group(
    device: &Device,
    layout: &BindGroupLayout,
    buffers: &[&Buffer],
) -> BindGroup {
    let entries = (0..).zip(buffers);
    let entries = entries.map(|(binding, buffer)| wgpu::BindGroupEntry {
        binding,
        resource: buffer.as_entire_binding(),
    });
    let entries: Vec<_> = entries.collect();
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: None,
        layout,
        entries: &entries,
    })
}

/// Runs `pipeline` on what is bound in `group`, in `x` by `y` workgroups.
pub fn dispatch(
    commands: &mut CommandEncoder,
    pipeline: &ComputePipeline,
    group: &BindGroup,
    (x, y): (u32, u32),
) {
    let mut pass = commands.begin_compute_pass(&Default::default());
    pass.set_pipeline(pipeline);
    pass.set_bind_group(0, group, &[]);
    pass.dispatch_workgroups(x, y, 1);
}

/// The bytes that a buffer has for `numbers`.
pub fn bytes_of(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// The numbers that `bytes` of a buffer stand for.
pub fn numbers(bytes: &[u8]) -> Vec<u32> {
    let four = |chunk: &[u8]| chunk.try_into().map_or(0, u32::from_le_bytes);
    bytes.chunks_exact(4).map(four).collect()
}

#[cfg(test)]
mod tests {
    use listings::proof::hostile::caught;
    use listings::proof::skip;
    use wgpu::{MapMode, PollType};

    use super::*;

    fn squares(shader: &str) -> Option<Result<Squares, SetupError>> {
        let (device, queue) = match pollster::block_on(open()) {
            Ok(gpu) => gpu,
            Err(why) => {
                skip(why);
                return None;
            }
        };
        Some(pollster::block_on(Squares::new(&device, &queue, shader)))
    }

    #[test]
    fn the_gpu_squares_what_it_is_given() {
        let Some(gpu) = squares(SHADER) else { return };
        let gpu = gpu.unwrap();
        let given: Vec<u32> = (0..1000).collect();
        let (buffer, index) = gpu.submit(&given);
        buffer.map_async(MapMode::Read, .., |result| result.unwrap());
        let wait =
            PollType::Wait { submission_index: Some(index), timeout: None };
        gpu.device.poll(wait).unwrap();
        let found = numbers(&buffer.get_mapped_range(..).unwrap());
        let expected: Vec<u32> = given.iter().map(|n| n * n).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_shader_that_does_not_compile_is_an_error() {
        let Some(result) = squares("fn square( {") else { return };
        let why = result.expect_err("it is not WGSL");
        assert!(matches!(why, SetupError::Shader(_)), "{why}");
    }

    #[test]
    fn no_numbers_and_too_many_are_panics_by_default() {
        let (device, queue) = Device::noop(&Default::default());
        let gpu = Squares::new(&device, &queue, SHADER);
        let gpu = pollster::block_on(gpu).unwrap();
        assert!(caught(|| gpu.submit(&[1])).is_ok());
        assert!(caught(|| gpu.submit(&[])).is_err());
        let most = vec![1; 64 * 65_535];
        assert!(caught(|| gpu.submit(&most)).is_ok());
        let more = vec![1; 64 * 65_535 + 1];
        assert!(caught(|| gpu.submit(&more)).is_err());
    }
}
