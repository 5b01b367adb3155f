//! valgrind finds no error in unsafe listings.

use anyhow::{Result, bail};
use serde_json::Value;

use super::run::{PROVEN, Passed, Run, by_clippy, cargo, command, find, messages};
use crate::disk;
use crate::read::listing::CRATE;

/// Modules with `unsafe` in them run once more under valgrind.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let src = run.root.join(CRATE).join("src");
    let mut modules = Vec::new();
    for path in disk::below(&src, "rs") {
        if has_unsafe(&disk::text(&path)?) {
            let module = path.strip_prefix(&src)?.with_extension("");
            // The guests of the proofs leak what must not be dropped.
            if module.starts_with("proof") {
                continue;
            }
            let module = module.to_string_lossy().replace(['/', '\\'], "::");
            modules.push(module.trim_end_matches("::mod").to_string());
        }
    }
    if modules.is_empty() {
        return Passed::note("no listing has unsafe code");
    }
    let Some(valgrind) = find("valgrind") else {
        return Passed::skip("valgrind is not installed: apt-get install valgrind");
    };
    let build = ["test", "--lib", "--no-run", "--message-format=json"];
    let log = cargo(run, "memory-build", &build, |c| {
        c.args(PROVEN);
        by_clippy(c);
    })?;
    let Some(binary) = messages(&log).filter_map(test_binary).last() else {
        bail!("cargo built no test binary: see target/ci/memory-build.log");
    };
    command(run, "memory", &valgrind, |c| {
        c.args(["-q", "--error-exitcode=9", "--leak-check=full"]);
        // std keeps a few blocks of the main thread for ever: "possibly lost".
        c.arg("--errors-for-leak-kinds=definite");
        c.arg("--show-leak-kinds=definite");
        c.arg(binary).args(["--test-threads=1"]).args(&modules);
    })?;
    Passed::note(modules.join(", "))
}

fn has_unsafe(text: &str) -> bool {
    text.lines().map(str::trim_start).any(|line| {
        !line.starts_with("//")
            && ["unsafe {", "unsafe fn", "unsafe impl", "unsafe trait"].iter().any(|word| line.contains(word))
    })
}

fn test_binary(message: Value) -> Option<String> {
    let target = message.get("target")?;
    let is = |key: &str, value: &str| target.get(key)?.get(0)?.as_str().map(|k| k == value);
    is("kind", "lib")?.then_some(())?;
    message.get("executable")?.as_str().map(str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_in_a_comment_is_not_unsafe_code() {
        assert!(has_unsafe("    unsafe { f() }\n"));
        assert!(!has_unsafe("    // unsafe { f() }\n"));
        assert!(!has_unsafe("//! without `unsafe` code\n"));
    }
}
