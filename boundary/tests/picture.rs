//! The picture on the page is what the listing draws.

use std::fs::File;
use std::future::ready;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::{env, fs};

use boundary::frame::picture::{Picture, draw};
use boundary::frame::setup::setup;
use boundary::frame::triangle::SHADER;
use listings::proof::skip;

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../src/boundary/frame-triangle.png")
}

fn save(picture: &Picture) {
    let file = File::create(file()).expect("the picture can be written");
    let mut encoder =
        png::Encoder::new(BufWriter::new(file), picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    encoder.set_compression(png::Compression::High);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&picture.bytes))
        .expect("the picture can be written");
}

fn load() -> Picture {
    let file = File::open(file()).expect("`BLESS=1` records the picture");
    let mut reader = png::Decoder::new(BufReader::new(file))
        .read_info()
        .expect("the picture is a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("it fits")];
    let info = reader.next_frame(&mut bytes).expect("the picture is a PNG");
    assert_eq!(info.color_type, png::ColorType::Rgba);
    Picture { width: info.width, height: info.height, bytes }
}

#[test]
fn the_picture_on_the_page_is_what_the_listing_draws() {
    let source = ready(Ok(SHADER.to_string()));
    let instance = wgpu::Instance::default();
    let gpu = match pollster::block_on(setup(&instance, None, source)) {
        Ok(gpu) => gpu,
        Err(why) => return skip(why),
    };
    let drawn = draw(&gpu, 480, 320).expect("the GPU gives the pixels back");
    if env::var_os("BLESS").is_some_and(|v| v == "1") {
        fs::create_dir_all(file().parent().expect("it is in a folder"))
            .expect("the folder can be made");
        save(&drawn);
    }
    let shown = load();
    assert_eq!((drawn.width, drawn.height), (shown.width, shown.height));
    // Another GPU rounds otherwise and may count the pixels of the edges in
    // or out; everything else is the same.
    let far = |(a, b): (&[u8], &[u8])| {
        a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > 4)
    };
    let pixels = drawn.bytes.chunks(4).zip(shown.bytes.chunks(4));
    let different = pixels.filter(|pair| far(*pair)).count();
    let allowed = 2 * (drawn.width + drawn.height) as usize;
    assert!(
        different <= allowed,
        "{different} pixels differ from src/boundary/frame-triangle.png"
    );
}
