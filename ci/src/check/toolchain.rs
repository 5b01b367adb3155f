//! One place names the compiler: `rust-toolchain.toml`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::problem::Problem;

const FILE: &str = "rust-toolchain.toml";

/// The version that is named there, as in `1.95.0`.
///
/// # Errors
/// When the file names none.
pub fn pinned(root: &Path) -> Result<String> {
    let text = fs::read_to_string(root.join(FILE)).context(FILE)?;
    let file: toml::Table = text.parse().context(FILE)?;
    let channel = file.get("toolchain").and_then(|it| it.get("channel"));
    let channel = channel.and_then(|it| it.as_str());
    let is_version = |it: &&str| it.split('.').count() == 3;
    Ok(channel.filter(is_version).context("no version in it")?.to_string())
}

/// The compiler's version, as in `1.95.0`.
pub fn compiler() -> Result<String> {
    let output = Command::new("rustc").arg("--version").output().context("rustc is not on the PATH")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.split(' ').nth(1).unwrap_or_default().to_string())
}

/// Where else a version stands that should be the same.
pub fn others(root: &Path) -> Result<Vec<Problem>> {
    let pinned = pinned(root)?;
    let minor = pinned.rsplit_once('.').map_or(&*pinned, |(minor, _)| minor);
    let mut problems = Vec::new();
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    for (at, line) in manifest.lines().enumerate() {
        if let Some(value) = line.strip_prefix("rust-version = ")
            && value != format!("\"{minor}\"")
        {
            let what = format!("should be \"{minor}\", as in {FILE}");
            problems.push(Problem::new("Cargo.toml", at + 1, what));
        }
    }
    let workflow = ".github/workflows/book.yml";
    let text = fs::read_to_string(root.join(workflow)).unwrap_or_default();
    for (at, line) in text.lines().enumerate() {
        if line.contains(minor) {
            let what = format!("names a compiler: read {FILE} instead");
            problems.push(Problem::new(workflow, at + 1, what));
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(files: [(&str, &str); 3]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = dir.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        dir
    }

    #[test]
    fn a_version_elsewhere_is_named() {
        let toolchain = (FILE, "[toolchain]\nchannel = \"1.95.0\"\n");
        let manifest = "[workspace.package]\nrust-version = \"1.94\"\n";
        let workflow = (".github/workflows/book.yml", "a:\n  rust: 1.95.0\n");
        let dir = root([toolchain, ("Cargo.toml", manifest), workflow]);
        let found: Vec<String> = others(dir.path()).unwrap().iter().map(|p| p.to_string()).collect();
        assert!(found[0].starts_with("Cargo.toml:2: should be \"1.95\""));
        assert!(found[1].starts_with(".github/workflows/book.yml:2: names"));
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn a_channel_that_moves_is_refused() {
        let toolchain = (FILE, "[toolchain]\nchannel = \"stable\"\n");
        let dir = root([toolchain, ("Cargo.toml", ""), ("x", "")]);
        let why = pinned(dir.path()).unwrap_err().to_string();
        assert!(why.contains("no version in it"), "{why}");
    }
}
