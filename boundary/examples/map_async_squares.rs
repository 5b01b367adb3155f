//! A compute shader whose result comes back as the value of an `.await`.

use std::error::Error;
use std::{env, fs, io};

use boundary::frame::setup::SetupError;
use boundary::map_async::poller::{Poller, read};
use boundary::map_async::squares::{SHADER, Squares, numbers, open};
use listings::wakers::block_on::flag::block_on;

// ANCHOR: main
async fn squares_of(
    given: &[u32],
    shader: &str,
) -> Result<Vec<u32>, Box<dyn Error>> {
    let (device, queue) = open().await?;
    let gpu = Squares::new(&device, &queue, shader).await?;
    let poller = Poller::new(device)?;
    let (buffer, index) = gpu.submit(given);
    Ok(numbers(&read(&poller, &buffer, index).await?))
}

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<u32> = (0..10_000).collect();
    let squares = block_on(squares_of(&given, &shader()?))?;
    println!("{:?} …", &squares[..10]);
    let right = given.iter().zip(&squares).filter(|(n, s)| *n * *n == **s);
    println!("{} of 10000 are right", right.count());
    Ok(())
}
// ANCHOR_END: main

/// The shader of the file that is named, or that of the page.
fn shader() -> Result<String, SetupError> {
    let Some(path) = env::args().nth(1) else {
        return Ok(SHADER.to_string());
    };
    fs::read_to_string(&path)
        .map_err(|why| io::Error::other(format!("{path}: {why}")).into())
}
