//! What was drawn before, by what it was drawn from: a warm build draws only
//! what changed.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A folder of what was drawn, or nothing, where nothing is kept.
#[derive(Debug, Default, Clone)]
pub struct Kept(Option<PathBuf>);

impl Kept {
    /// Keeps what is drawn below `folder`, as far as that can be written.
    pub fn below(folder: &Path) -> Kept {
        Kept(fs::create_dir_all(folder).is_ok().then(|| folder.into()))
    }

    /// What was drawn from `parts`, or what `draw` makes of them now.
    ///
    /// # Errors
    /// Those of `draw`, which are not kept.
    pub fn or_draw<T: AsRef<[u8]> + TryFrom<Vec<u8>>, E>(
        &self,
        parts: [&str; 3],
        draw: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        if let Some(kept) = self.get(parts) {
            return Ok(kept);
        }
        let drawn = draw()?;
        self.put(parts, &drawn);
        Ok(drawn)
    }

    /// What was made of `parts`, if it is kept.
    pub fn get<T: TryFrom<Vec<u8>>>(&self, parts: [&str; 3]) -> Option<T> {
        fs::read(self.path(parts)?).ok()?.try_into().ok()
    }

    /// Keeps what was made of `parts`.
    pub fn put(&self, parts: [&str; 3], made: impl AsRef<[u8]>) {
        let (Some(folder), Some(path)) = (&self.0, self.path(parts)) else { return };
        // In one step, so that no half is ever read; a disk that is full only
        // costs time.
        let _ = tempfile::NamedTempFile::new_in(folder).and_then(|mut new| {
            new.write_all(made.as_ref())?;
            new.persist(&path).map_err(|why| why.error)
        });
    }

    fn path(&self, parts: [&str; 3]) -> Option<PathBuf> {
        let mut hasher = DefaultHasher::new();
        (*DRAWN_BY, parts).hash(&mut hasher);
        Some(self.0.as_ref()?.join(format!("{:016x}", hasher.finish())))
    }
}

/// What draws: this stage's source, and the versions of what it stands on.
static DRAWN_BY: LazyLock<u64> = LazyLock::new(|| {
    let mut hasher = DefaultHasher::new();
    (include_str!("chart.rs"), include_str!("code.rs"), include_str!("diagram.rs")).hash(&mut hasher);
    (include_str!("font.rs"), include_str!("redraw.rs")).hash(&mut hasher);
    let crates = ["\"merman", "\"tree-sitter", "\"mdbook", "\"pulldown", "skia", "svg"];
    let packages = include_str!("../../../Cargo.lock").split("\n\n");
    packages.filter(|it| crates.iter().any(|name| it.contains(name))).for_each(|it| it.hash(&mut hasher));
    hasher.finish()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_drawn_is_drawn_once_and_a_failure_again() {
        let dir = tempfile::tempdir().unwrap();
        let kept = Kept::below(dir.path());
        let draw = |what: &str, how: Result<&str, ()>| kept.or_draw([what, "", ""], || how.map(str::to_string));
        assert_eq!(draw("a", Err(())), Err(()));
        assert_eq!(draw("a", Ok("1")), Ok("1".into()));
        assert_eq!(draw("a", Ok("2")), Ok("1".into()));
        assert_eq!(draw("b", Ok("2")), Ok("2".into()));
    }
}
