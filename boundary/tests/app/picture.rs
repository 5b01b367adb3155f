//! What the window shows, pixel by pixel.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::Command;

use boundary::app::load::Color;
use boundary::app::picture::View;
use boundary::app::refine::ROUNDS;

use crate::user::{Pipe, Screen, colors, example, palette, wait_for};

const SIZE: (u32, u32) = (480, 320);

/// The colors of `view` after `rounds` rounds, by the reference.
fn expected(view: View, size: (u32, u32), rounds: u32) -> Vec<[u8; 3]> {
    let palette = colors();
    let color = |steps: u32| palette[steps as usize % palette.len()];
    view.cells(size, rounds)
        .into_iter()
        .map(|cell| match cell.outside {
            true => rgb(color(cell.steps)),
            false => [0; 3],
        })
        .collect()
}

fn rgb([r, g, b, _]: Color) -> [u8; 3] {
    [r, g, b]
}

/// The palette as far as it is loaded, and the bar below it.
fn stripes(loaded: usize) -> Vec<[u8; 3]> {
    let (width, height) = SIZE;
    let palette = colors();
    let bar = width as usize * loaded / palette.len();
    let mut pixels = Vec::new();
    for y in 0..height {
        for x in 0..width as usize {
            let n = x * palette.len() / width as usize;
            pixels.push(match n < loaded {
                _ if y >= height - 4 && x < bar => [255; 3],
                true => rgb(palette[n]),
                false => [0; 3],
            });
        }
    }
    pixels
}

// ANCHOR: closer
#[test]
fn each_pixel_is_that_of_the_reference() {
    let Some(screen) = Screen::new() else { return };
    let program = screen.start(&[&palette()]);
    let window = screen.window();
    let shows = |pixels: &Vec<[u8; 3]>| {
        wait_for("the picture", || {
            (screen.pixels(window, SIZE)? == *pixels).then_some(())
        });
    };
    shows(&expected(View::HOME, SIZE, ROUNDS));
    let at = (241, 143);
    screen.click(window, at, 1);
    let closer = View::HOME.closer(SIZE, at);
    shows(&expected(closer, SIZE, ROUNDS));
    screen.click(window, at, 3);
    shows(&expected(View::HOME, SIZE, ROUNDS));
    screen.close(window);
    assert_eq!(program.end(), (Some(0), String::new()));
}
// ANCHOR_END: closer

#[test]
fn the_palette_is_shown_as_it_comes() {
    let Some(screen) = Screen::new() else { return };
    let mut pipe = Pipe::new("stripes");
    let program = screen.start(&[&pipe.path]);
    let window = screen.window();
    let colors = colors();
    for piece in [0..65, 65..129, 129..256] {
        pipe.write(&colors[piece.clone()]);
        // The last color of a piece waits for the next one.
        let loaded = piece.end - 1;
        let pixels = match loaded < 255 {
            true => stripes(loaded),
            false => expected(View::HOME, SIZE, ROUNDS),
        };
        wait_for("the colors", || {
            (screen.pixels(window, SIZE)? == pixels).then_some(())
        });
    }
    screen.close(window);
    assert_eq!(program.end(), (Some(0), String::new()));
}

#[test]
fn a_new_size_starts_the_picture_anew() {
    let Some(screen) = Screen::new() else { return };
    let program = screen.start(&[]);
    let window = screen.window();
    for size in [(200, 300), (1, 1), (333, 77)] {
        screen.resize(window, size);
        let pixels = expected(View::HOME, size, ROUNDS);
        wait_for("the picture", || {
            (screen.pixels(window, size)? == pixels).then_some(())
        });
    }
    screen.close(window);
    assert_eq!(program.end(), (Some(0), String::new()));
}

#[test]
fn ten_clicks_in_a_row_leave_the_last_picture() {
    let Some(screen) = Screen::new() else { return };
    let program = screen.start(&[]);
    let window = screen.window();
    let home = expected(View::HOME, SIZE, ROUNDS);
    let shows = |pixels: &Vec<[u8; 3]>| {
        wait_for("the picture", || {
            (screen.pixels(window, SIZE)? == *pixels).then_some(())
        });
    };
    shows(&home);
    let mut view = View::HOME;
    for n in 0..10 {
        let at = (200 + n, 150 - n);
        screen.click(window, at, 1);
        view = view.closer(SIZE, at);
    }
    shows(&expected(view, SIZE, ROUNDS));
    screen.close(window);
    assert_eq!(program.end(), (Some(0), String::new()));
}

/// The pixels of a picture on the page.
fn on_the_page(name: &str) -> Vec<[u8; 3]> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/boundary");
    let file = BufReader::new(File::open(folder.join(name)).unwrap());
    let mut reader = png::Decoder::new(file);
    reader.set_transformations(png::Transformations::EXPAND);
    let mut reader = reader.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    assert_eq!((info.width, info.height), SIZE);
    let pixels = bytes.chunks_exact(info.color_type.samples());
    pixels.map(|p| [p[0], p[1], p[2]]).collect()
}

#[test]
fn the_short_program_draws_the_triangle_of_the_page() {
    let Some(screen) = Screen::new() else { return };
    let program = screen.start_here(Command::new(example("frame_short")));
    let window = screen.window();
    let page = on_the_page("frame-triangle.png");
    // Another GPU may count the pixels of the edges in or out.
    let far = |(a, b): (&[u8; 3], &[u8; 3])| {
        a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > 4)
    };
    let edges = 2 * (SIZE.0 + SIZE.1) as usize;
    wait_for("the triangle", || {
        let pixels = screen.pixels(window, SIZE)?;
        let different = pixels.iter().zip(&page).filter(|pair| far(*pair));
        (different.count() <= edges).then_some(())
    });
    screen.close(window);
    assert_eq!(program.end(), (Some(0), String::new()));
}

#[test]
fn the_pictures_on_the_page_are_those_of_the_reference() {
    assert!(on_the_page("app-loading.png") == stripes(128));
    let mut early = expected(View::HOME, SIZE, 3);
    let (width, height) = (SIZE.0 as usize, SIZE.1 as usize);
    for row in height - 4..height {
        let bar = row * width..row * width + width * 3 / ROUNDS as usize;
        early[bar].fill([255; 3]);
    }
    assert!(on_the_page("app-refining.png") == early);
    let closer = View::HOME.closer(SIZE, (241, 143));
    assert!(on_the_page("app-closer.png") == expected(closer, SIZE, ROUNDS));
}
