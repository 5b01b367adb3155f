//! The scene without a window: drawn into a texture, read back as pixels.

use wgpu::{
    Extent3d, TexelCopyBufferInfo, TexelCopyBufferLayout, TextureFormat,
};

use super::failure::Failure;
use super::refine::read;
use super::state::{Scene, State};
use crate::frame::picture::Picture as Pixels;

/// The format of the pixels.
pub const FORMAT: TextureFormat = TextureFormat::Rgba8Unorm;

// ANCHOR: snapshot
/// The pixels of a frame of `width` by `height` pixels that shows `scene`.
///
/// # Errors
/// When the GPU does not give the pixels back.
pub async fn snapshot(
    state: &State,
    (width, height): (u32, u32),
    scene: Scene<'_>,
) -> Result<Pixels, Failure> {
    let size = Extent3d { width, height, depth_or_array_layers: 1 };
    let texture = state.device.create_texture(&wgpu::TextureDescriptor {
        label: None,
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: FORMAT,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT
            | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    });
    let target = texture.create_view(&Default::default());
    state.draw(&target, (width, height), scene);

    // A copy's rows begin at multiples of 256 bytes.
    let row = (4 * width).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
    let bytes = u64::from(row) * u64::from(height);
    let (buffer, index) = state.copy(bytes, |commands, buffer| {
        let layout = TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(row),
            rows_per_image: None,
        };
        let to = TexelCopyBufferInfo { buffer, layout };
        commands.copy_texture_to_buffer(texture.as_image_copy(), to, size);
    });
    let rows = read(&state.device, &buffer, index).await?;
    let bytes = rows
        .chunks_exact(row as usize)
        .flat_map(|padded| &padded[..4 * width as usize])
        .copied()
        .collect();
    Ok(Pixels { width, height, bytes })
}
// ANCHOR_END: snapshot

#[cfg(test)]
mod tests {
    use listings::proof::skip;

    use super::*;
    use crate::app::shader::Shaders;
    use crate::app::state::COLORS;
    use crate::map_async::squares;

    #[tokio::test]
    async fn a_snapshot_has_the_colors_that_are_loaded() {
        let (device, queue) = match squares::open().await {
            Ok(gpu) => gpu,
            Err(why) => return skip(why),
        };
        let shaders = Shaders::default();
        let state = State::new(device, queue, FORMAT, &shaders).await.unwrap();
        let red = [200, 10, 20, 255];
        state.set_palette(&[red; COLORS]);
        let scene = Scene { picture: None, colors: COLORS / 2, progress: 0.25 };
        // A width whose rows are not multiples of 256 bytes.
        let pixels = snapshot(&state, (100, 10), scene).await.unwrap();
        assert_eq!(pixels.pixel(0, 0), red);
        assert_eq!(pixels.pixel(49, 5), red);
        assert_eq!(pixels.pixel(50, 5), [0, 0, 0, 255]);
        assert_eq!(pixels.pixel(24, 9), [255; 4]);
        assert_eq!(pixels.pixel(25, 9), red);
    }
}
