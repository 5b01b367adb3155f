//! The triangle without a window: drawn into a texture, copied into a buffer,
//! read as bytes. The picture on the page was made here.

use std::{error, fmt};

use super::setup::Gpu;

/// Pixels of four bytes, red, green, blue and alpha, row by row from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

impl Picture {
    /// The pixel `x` from the left and `y` from the top.
    ///
    /// # Panics
    /// When the picture has no such pixel.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 4] {
        assert!(x < self.width && y < self.height, "{x}, {y} is outside");
        let start = 4 * (y * self.width + x) as usize;
        self.bytes[start..start + 4].try_into().expect("four bytes")
    }
}

/// The triangle in a picture of `width` by `height` pixels.
///
/// # Errors
/// [`Unread`] when the GPU did not give the pixels back.
pub fn draw(gpu: &Gpu, width: u32, height: u32) -> Result<Picture, Unread> {
    draw_with(gpu, (width, height), |target| gpu.draw(target))
}

/// Something to draw on without a window.
pub fn target(gpu: &Gpu, (width, height): (u32, u32)) -> wgpu::Texture {
    gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: None,
        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: gpu.format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT
            | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    })
}

/// What `draw` draws on a texture of `width` by `height` pixels.
///
/// # Errors
/// [`Unread`] when the GPU did not give the pixels back.
pub fn draw_with(
    gpu: &Gpu,
    (width, height): (u32, u32),
    draw: impl FnOnce(&wgpu::Texture) -> wgpu::CommandEncoder,
) -> Result<Picture, Unread> {
    let texture = target(gpu, (width, height));
    let mut commands = draw(&texture);

    // A copy's rows begin at multiples of 256 bytes.
    let row = (4 * width).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
    let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: u64::from(row * height),
        usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    commands.copy_texture_to_buffer(
        texture.as_image_copy(),
        wgpu::TexelCopyBufferInfo {
            buffer: &buffer,
            layout: wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(row),
                rows_per_image: None,
            },
        },
        texture.size(),
    );
    gpu.queue.submit([commands.finish()]);

    // ANCHOR: read
    let (done, mapped) = std::sync::mpsc::channel();
    buffer.map_async(wgpu::MapMode::Read, .., move |result| {
        // The receiver is there until the end of this function.
        let _ = done.send(result);
    });
    gpu.device
        .poll(wgpu::PollType::wait_indefinitely())
        .map_err(Unread::new)?;
    mapped.recv().map_err(Unread::new)?.map_err(Unread::new)?;
    let rows = buffer.get_mapped_range(..).map_err(Unread::new)?;
    let bytes = rows
        .chunks_exact(row as usize)
        .flat_map(|padded| &padded[..4 * width as usize])
        .copied()
        .collect();
    // ANCHOR_END: read
    Ok(Picture { width, height, bytes })
}

/// The GPU did not give the pixels back.
#[derive(Debug)]
pub struct Unread(Box<dyn error::Error + Send + Sync>);

impl Unread {
    fn new(why: impl error::Error + Send + Sync + 'static) -> Self {
        Unread(Box::new(why))
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the picture could not be read: {}", self.0)
    }
}

impl error::Error for Unread {}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::super::setup::setup;
    use super::super::triangle::SHADER;
    use super::*;
    use listings::proof::skip;

    #[test]
    fn each_corner_has_its_color_and_the_rest_the_background() {
        let source = ready(Ok(SHADER.to_string()));
        let instance = wgpu::Instance::default();
        let gpu = match pollster::block_on(setup(&instance, None, source)) {
            Ok(gpu) => gpu,
            Err(why) => return skip(why),
        };
        // A width whose rows are not multiples of 256 bytes.
        let picture = draw(&gpu, 100, 100).unwrap();
        let strongest = |x, y| {
            let [r, g, b, _] = picture.pixel(x, y);
            [r, g, b].map(|c| u32::from(c) + 60 < u32::from(r.max(g).max(b)))
        };
        assert_eq!(strongest(50, 14), [false, true, true]);
        assert_eq!(strongest(14, 87), [true, false, true]);
        assert_eq!(strongest(85, 87), [true, true, false]);
        let background = picture.pixel(0, 0);
        assert_eq!(picture.pixel(99, 99), background);
        assert_eq!(background[3], 255);
        assert!(background[..3].iter().all(|c| *c < 80), "{background:?}");
    }
}
