//! A triangle with a color in each corner: its shader, its pipeline, and the
//! commands that draw it.

// ANCHOR: shader
/// The program that runs on the GPU, in its language WGSL.
pub const SHADER: &str = "
struct Corner {
    @builtin(position) position: vec4f,
    @location(0) color: vec3f,
}

@vertex
fn corner(@builtin(vertex_index) i: u32) -> Corner {
    var places = array(vec2f(0, 0.8), vec2f(-0.8, -0.8), vec2f(0.8, -0.8));
    var colors = array(vec3f(1, 0, 0), vec3f(0, 1, 0), vec3f(0, 0, 1));
    return Corner(vec4f(places[i], 0, 1), colors[i]);
}

@fragment
fn fill(corner: Corner) -> @location(0) vec4f {
    return vec4f(corner.color, 1);
}
";
// ANCHOR_END: shader

/// What is drawn first, over everything.
pub const BACKGROUND: wgpu::Color =
    wgpu::Color { r: 0.02, g: 0.02, b: 0.05, a: 1.0 };

/// Compiles `source` into what draws three corners on a target of `format`.
/// A shader that does not compile is an error of the innermost error scope.
pub fn pipeline(
    device: &wgpu::Device,
    format: wgpu::TextureFormat,
    source: &str,
) -> wgpu::RenderPipeline {
    let shader = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: None,
        source: wgpu::ShaderSource::Wgsl(source.into()),
    });
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: None,
        layout: None,
        vertex: wgpu::VertexState {
            module: &shader,
            entry_point: None,
            compilation_options: Default::default(),
            buffers: &[],
        },
        fragment: Some(wgpu::FragmentState {
            module: &shader,
            entry_point: None,
            compilation_options: Default::default(),
            targets: &[Some(format.into())],
        }),
        primitive: Default::default(),
        depth_stencil: None,
        multisample: Default::default(),
        multiview_mask: None,
        cache: None,
    })
}

/// The commands that paint the background and the triangle onto `texture`.
pub fn draw(
    device: &wgpu::Device,
    pipeline: &wgpu::RenderPipeline,
    texture: &wgpu::Texture,
) -> wgpu::CommandEncoder {
    paint(device, texture, |pass| {
        pass.set_pipeline(pipeline);
        pass.draw(0..3, 0..1);
    })
}

/// The commands that paint the background and what `draw` draws.
pub fn paint(
    device: &wgpu::Device,
    texture: &wgpu::Texture,
    draw: impl FnOnce(&mut wgpu::RenderPass<'_>),
) -> wgpu::CommandEncoder {
    let target = texture.create_view(&Default::default());
    let mut commands = device.create_command_encoder(&Default::default());
    let mut pass = commands.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: None,
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view: &target,
            depth_slice: None,
            resolve_target: None,
            ops: wgpu::Operations {
                load: wgpu::LoadOp::Clear(BACKGROUND),
                store: wgpu::StoreOp::Store,
            },
        })],
        ..Default::default()
    });
    draw(&mut pass);
    drop(pass);
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shader_has_one_entry_for_each_stage() {
        use wgpu::naga::{ShaderStage, front::wgsl};
        let shader = wgsl::parse_str(SHADER).expect("it is WGSL");
        let entries: Vec<_> = shader
            .entry_points
            .iter()
            .map(|entry| (entry.name.as_str(), entry.stage))
            .collect();
        let stages = [ShaderStage::Vertex, ShaderStage::Fragment];
        assert_eq!(entries, [("corner", stages[0]), ("fill", stages[1])]);
    }
}
