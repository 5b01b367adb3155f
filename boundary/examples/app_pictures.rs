//! Three moments of the whole program, drawn without a window: it loads, it
//! refines, it has gone closer.
//!
//! With the name of a folder it writes them there.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use boundary::app::picture::View;
use boundary::app::refine::ROUNDS;
use boundary::app::shader::REFINE;
use boundary::app::state::State;
use boundary::frame::picture::{Picture, draw_with};

const SIZE: (u32, u32) = (480, 320);

/// Writes `pixels` with a table of their colors, which keeps the file small.
fn save(
    folder: Option<&Path>,
    name: &str,
    pixels: &Picture,
) -> std::io::Result<()> {
    let rgb = |p: &[u8]| [p[0], p[1], p[2]];
    let mut table: Vec<[u8; 3]> = pixels.bytes.chunks(4).map(rgb).collect();
    table.sort_unstable();
    table.dedup();
    let index = |p: &[u8]| {
        let place = table.binary_search(&rgb(p)).ok();
        place.and_then(|n| u8::try_from(n).ok())
    };
    let indices: Option<Vec<u8>> = pixels.bytes.chunks(4).map(index).collect();
    println!("{name} has {} colors", table.len());
    let Some(folder) = folder else { return Ok(()) };
    let file = fs::File::create(folder.join(name))?;
    let mut encoder = png::Encoder::new(file, pixels.width, pixels.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(table.as_flattened());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    let indices = indices.ok_or_else(|| {
        std::io::Error::other("the picture has more than 256 colors")
    })?;
    Ok(writer.write_image_data(&indices)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.as_deref();
    let palette = include_str!("app_palette.txt");
    let mut colors = Vec::new();
    for line in palette.lines() {
        let [_, r, g, b] = u32::from_str_radix(line, 16)?.to_be_bytes();
        colors.push([r, g, b, 255]);
    }
    let opening = State::open(Default::default(), None, REFINE.to_string());
    let state = pollster::block_on(opening)?;
    let colors = &colors[..];
    let pixels = |picture, colors, progress| {
        draw_with(&state.gpu, SIZE, |target| {
            state.draw(target, picture, colors, progress)
        })
    };

    save(folder, "app-loading.png", &pixels(None, &colors[..128], 0.5)?)?;

    let home = state.begin(&View::HOME, SIZE);
    for _ in 0..3 {
        state.refine(&home);
    }
    let progress = 3.0 / ROUNDS as f32;
    let early = pixels(Some(&home), colors, progress)?;
    save(folder, "app-refining.png", &early)?;

    // ANCHOR: closer
    let view = View::HOME.closer(SIZE, (241, 143));
    let closer = state.begin(&view, SIZE);
    for _ in 0..ROUNDS {
        state.refine(&closer);
    }
    let done = pixels(Some(&closer), colors, 0.0)?;
    save(folder, "app-closer.png", &done)?;
    // ANCHOR_END: closer
    Ok(())
}
