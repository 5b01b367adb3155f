//! When each page changed, as git knows it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// When each file of `folder` changed last, as git knows it: path relative to
/// `root`, time in UTC. Nothing without git, or in a clone without history,
/// where every file would seem to be new.
pub fn changed(root: &Path, folder: &Path) -> BTreeMap<String, String> {
    let git = |arguments: &[&str]| -> Option<String> {
        let mut git = Command::new("git");
        git.arg("-C").arg(root).args(arguments).env("TZ", "UTC0");
        let output = git.output().ok().filter(|o| o.status.success())?;
        String::from_utf8(output.stdout).ok()
    };
    let shallow = git(&["rev-parse", "--is-shallow-repository"]);
    if shallow.is_none_or(|said| said.trim() != "false") {
        return BTreeMap::new();
    }
    let log = git(&[
        "-c",
        "core.quotePath=false",
        "log",
        "--relative",
        "--no-renames",
        "--name-only",
        "--date=format-local:%Y-%m-%dT%H:%M:%SZ",
        "--format=%x00%cd",
        "--",
        &folder.to_string_lossy(),
    ]);
    newest(&log.unwrap_or_default())
}

/// Reads the log, newest first: a line `\0<time>` for each commit, then its
/// files.
fn newest(log: &str) -> BTreeMap<String, String> {
    let mut times = BTreeMap::new();
    let mut time = "";
    for line in log.lines() {
        match line.strip_prefix('\0') {
            Some(of_commit) => time = of_commit,
            None if line.is_empty() => {}
            None => {
                times.entry(line.to_string()).or_insert(time.to_string());
            }
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_commit_of_a_file_is_its_time() {
        let log = "\x002026-03-01T00:00:00Z\n\nsrc/b.md\n\
                   \x002026-01-01T00:00:00Z\n\nsrc/a.md\nsrc/b.md\n";
        let times = newest(log);
        assert_eq!(times["src/a.md"], "2026-01-01T00:00:00Z");
        assert_eq!(times["src/b.md"], "2026-03-01T00:00:00Z");
    }

    #[test]
    fn a_folder_without_history_has_no_times() {
        let dir = tempfile::tempdir().unwrap();
        assert!(changed(dir.path(), Path::new("src")).is_empty());
    }
}
