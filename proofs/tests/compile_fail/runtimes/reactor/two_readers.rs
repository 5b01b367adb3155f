use std::io;

use listings::runtimes::reactor::ReadHalf;

async fn two_readers(mut half: ReadHalf) -> io::Result<usize> {
    let (mut one, mut two) = ([0; 8], [0; 8]);
    let first = half.read(&mut one);
    let second = half.read(&mut two);
    Ok(first.await? + second.await?)
}

fn main() {}
