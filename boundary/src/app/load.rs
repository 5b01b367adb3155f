//! The palette, read piece by piece.

use std::io;
use std::path::PathBuf;

use tokio::fs::File;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, BufReader};

use super::failure::Failure;
use super::state::COLORS;
use super::tasks::{Message, Outbox};

/// Red, green, blue and alpha.
pub type Color = [u8; 4];

// ANCHOR: load
/// How many colors are told of at once.
const PIECE: usize = 16;

/// Reads the palette in `file` and tells of each piece as it comes.
///
/// # Errors
/// [`Failure::Palette`], with the name of the file.
pub async fn load(file: PathBuf, outbox: Outbox) -> Result<Message, Failure> {
    let tell = |colors| outbox.send(Message::Colors(colors));
    let read = async {
        let lines = BufReader::new(File::open(&file).await?);
        read_colors(lines, tell).await
    };
    match read.await {
        Ok(last) => Ok(Message::Colors(last)),
        Err(why) => Err(Failure::Palette(file, why)),
    }
}

/// Reads `COLORS` colors, one a line, and returns the last piece of them.
async fn read_colors(
    text: impl AsyncBufRead + Unpin,
    tell: impl Fn(Vec<Color>),
) -> io::Result<Vec<Color>> {
    let mut lines = text.lines();
    let mut piece = Vec::new();
    for line in 1..=COLORS {
        if piece.len() == PIECE {
            tell(std::mem::take(&mut piece));
        }
        let text = lines.next_line().await?;
        let text = text.ok_or_else(|| short(line - 1))?;
        piece.push(color(&text).ok_or_else(|| wrong(line))?);
    }
    Ok(piece)
}
// ANCHOR_END: load

/// The color of a line such as `ff8000`.
fn color(line: &str) -> Option<Color> {
    if line.len() != 6 || !line.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let [_, r, g, b] = u32::from_str_radix(line, 16).ok()?.to_be_bytes();
    Some([r, g, b, 255])
}

fn short(found: usize) -> io::Error {
    let what = format!("it ends after {found} of {COLORS} colors");
    io::Error::new(io::ErrorKind::UnexpectedEof, what)
}

fn wrong(line: usize) -> io::Error {
    let what = format!("line {line} is not a color such as ff8000");
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// What is told of in pieces, and the result.
    fn read(text: &str) -> (Vec<usize>, io::Result<Vec<Color>>) {
        let pieces = RefCell::new(Vec::new());
        let tell = |piece: Vec<Color>| pieces.borrow_mut().push(piece.len());
        let last = pollster::block_on(read_colors(text.as_bytes(), tell));
        (pieces.into_inner(), last)
    }

    #[test]
    fn the_colors_come_in_pieces() {
        let (pieces, last) = read(&"ff8000\n".repeat(COLORS));
        assert_eq!(pieces, [PIECE; 15]);
        assert_eq!(last.unwrap(), [[255, 128, 0, 255]; PIECE]);
    }

    #[test]
    fn a_wrong_palette_is_one_line() {
        let says = |text: &str| read(text).1.unwrap_err().to_string();
        let short = says(&"ff8000\n".repeat(40));
        assert_eq!(short, "it ends after 40 of 256 colors");
        for wrong in ["", "ff80", "+12345", "ff80000", "äää"] {
            let wrong = says(&format!("ff8000\n{wrong}\n"));
            assert_eq!(wrong, "line 2 is not a color such as ff8000");
        }
    }
}
