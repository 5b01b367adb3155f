//! The palette, read piece by piece.

use std::io;
use std::path::PathBuf;

use tokio::fs::File;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, BufReader};

use super::state::COLORS;
use super::tasks::{Failure, Message, Outbox};

/// Red, green, blue and alpha.
pub type Color = [u8; 4];

// ANCHOR: load
/// How many colors are told of at once.
const PIECE: usize = 16;

/// Reads the palette in `file` and tells of each piece as it comes.
///
/// # Errors
/// [`Failure::Palette`], with the name of the file.
pub async fn load(file: PathBuf, outbox: Outbox) -> Result<(), Failure> {
    let tell = |colors| outbox.send(Message::Colors(colors));
    let read = async {
        let text = BufReader::new(File::open(&file).await?);
        read_colors(text, tell).await
    };
    read.await.map_err(|why| Failure::Palette(file, why))
}

/// Reads `COLORS` colors, one a line.
async fn read_colors(
    text: impl AsyncBufRead + Unpin,
    tell: impl Fn(Vec<Color>),
) -> io::Result<()> {
    let mut lines = text.lines();
    let mut piece = Vec::new();
    for line in 0..COLORS {
        let Some(text) = lines.next_line().await? else {
            let why = format!("it ends after {line} of {COLORS} colors");
            return Err(io::Error::other(why));
        };
        let Some(color) = color(&text) else {
            let line = line + 1;
            let why = format!("line {line} is not a color such as ff8000");
            return Err(io::Error::other(why));
        };
        piece.push(color);
        if piece.len() == PIECE {
            tell(std::mem::take(&mut piece));
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// What is told of in pieces, and the result.
    fn read(text: &str) -> (Vec<Vec<Color>>, io::Result<()>) {
        let pieces = RefCell::new(Vec::new());
        let tell = |piece| pieces.borrow_mut().push(piece);
        let done = pollster::block_on(read_colors(text.as_bytes(), tell));
        (pieces.into_inner(), done)
    }

    #[test]
    fn the_colors_come_in_pieces() {
        let (pieces, done) = read(&"ff8000\n".repeat(COLORS));
        done.unwrap();
        assert_eq!(pieces, vec![vec![[255, 128, 0, 255]; PIECE]; 16]);
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
