//! The palette, read piece by piece.

use std::io;
use std::path::Path;

use tokio::fs::File;
use tokio::io::{AsyncBufReadExt, BufReader};

use super::state::COLORS;

/// Red, green, blue and alpha.
pub type Color = [u8; 4];

// ANCHOR: load
/// How many colors are told of at once.
const PIECE: usize = 16;

/// Reads `COLORS` colors from `file`, one a line, and tells of each piece as
/// it comes.
///
/// # Errors
/// When the file cannot be read, is too short, or has a wrong line.
pub async fn load(file: &Path, tell: impl Fn(Vec<Color>)) -> io::Result<()> {
    let mut lines = BufReader::new(File::open(file).await?).lines();
    let mut piece = Vec::new();
    for n in 0..COLORS {
        let Some(line) = lines.next_line().await? else {
            let why = format!("it ends after {n} of {COLORS} colors");
            return Err(io::Error::other(why));
        };
        let Some(color) = color(&line) else {
            let why = format!("line {} is not a color such as ff8000", n + 1);
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
    use std::{env, fs, process};

    use tokio::runtime::Builder;

    use super::*;

    /// What is told of in pieces, and the result, for a file `name` with this
    /// text.
    fn read(name: &str, text: &str) -> (Vec<Vec<Color>>, io::Result<()>) {
        let name = format!("app-load-{}-{name}", process::id());
        let file = env::temp_dir().join(name);
        fs::write(&file, text).unwrap();
        let pieces = RefCell::new(Vec::new());
        let tell = |piece| pieces.borrow_mut().push(piece);
        let runtime = Builder::new_current_thread().build().unwrap();
        let done = runtime.block_on(load(&file, tell));
        fs::remove_file(file).unwrap();
        (pieces.into_inner(), done)
    }

    #[test]
    fn the_colors_come_in_pieces() {
        let (pieces, done) = read("good", &"ff8000\n".repeat(COLORS));
        done.unwrap();
        assert_eq!(pieces, vec![vec![[255, 128, 0, 255]; PIECE]; 16]);
    }

    #[test]
    fn a_wrong_palette_is_one_line() {
        let says = |text: &str| read("bad", text).1.unwrap_err().to_string();
        let short = says(&"ff8000\n".repeat(40));
        assert_eq!(short, "it ends after 40 of 256 colors");
        for wrong in ["", "ff80", "+12345", "ff80000", "äää"] {
            let wrong = says(&format!("ff8000\n{wrong}\n"));
            assert_eq!(wrong, "line 2 is not a color such as ff8000");
        }
    }
}
