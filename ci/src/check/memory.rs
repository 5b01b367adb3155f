//! valgrind finds no error in unsafe listings.

use anyhow::Result;

use super::run::{PROVEN, Passed, Run, needed, started_by};
use crate::disk;
use crate::read::listing::CRATE;

patterns! {
    UNSAFE = r"(?m)^[^/\n]*\bunsafe (\{|fn|impl|trait)";
}

/// Modules with `unsafe` in them run once more under valgrind.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let src = run.root.join(CRATE).join("src");
    let mut modules = Vec::new();
    for path in disk::below(&src, "rs") {
        if UNSAFE.is_match(&disk::text(&path)?) {
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
    let valgrind = needed(&["valgrind"], "valgrind")?;
    let valgrind = started_by(&[
        &valgrind.to_string_lossy(),
        "-q",
        "--error-exitcode=9",
        "--leak-check=full",
        // std keeps a few blocks of the main thread for ever: "possibly lost".
        "--errors-for-leak-kinds=definite",
        "--show-leak-kinds=definite",
    ]);
    let mut test = run.cargo_by_clippy();
    test.args(["test", "--lib", &valgrind]).args(PROVEN).args(["--", "--test-threads=1"]).args(&modules);
    run.said("memory", &mut test)?;
    Passed::note(modules.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_in_a_comment_is_not_unsafe_code() {
        assert!(UNSAFE.is_match("    unsafe { f() }\n"));
        assert!(!UNSAFE.is_match("    // unsafe { f() }\n"));
        assert!(!UNSAFE.is_match("//! without `unsafe` code\n"));
    }
}
