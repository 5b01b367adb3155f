//! What wgpu wants to know of a pipeline and a buffer.

use wgpu::{
    BindGroup, BindGroupLayout, Buffer, BufferUsages, ComputePipeline, Device,
    RenderPassColorAttachment, TextureView,
};

pub fn refine(device: &Device, text: &str) -> ComputePipeline {
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: None,
        source: wgpu::ShaderSource::Wgsl(text.into()),
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

/// A pass that paints over all of `target`.
pub fn onto(target: &TextureView) -> RenderPassColorAttachment<'_> {
    RenderPassColorAttachment {
        view: target,
        depth_slice: None,
        resolve_target: None,
        ops: wgpu::Operations {
            load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
            store: wgpu::StoreOp::Store,
        },
    }
}

pub fn bytes_of(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// A buffer of zeros for `usage` and for copies.
pub fn buffer(device: &Device, size: u64, usage: BufferUsages) -> Buffer {
    let copies = match usage.contains(BufferUsages::MAP_READ) {
        true => BufferUsages::COPY_DST,
        false => BufferUsages::COPY_DST | BufferUsages::COPY_SRC,
    };
    device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size,
        usage: usage | copies,
        mapped_at_creation: false,
    })
}

/// Binds `buffers` to the numbers 0, 1 and so on.
pub fn group(
    device: &Device,
    layout: &BindGroupLayout,
    buffers: [&Buffer; 3],
) -> BindGroup {
    let entry = |binding: usize| wgpu::BindGroupEntry {
        binding: binding as u32,
        resource: buffers[binding].as_entire_binding(),
    };
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: None,
        layout,
        entries: &[entry(0), entry(1), entry(2)],
    })
}
