//! What a test does on a machine that has no display or no GPU driver: it says
//! so and passes, except where everything must run.

use std::env;

/// Ends a test that cannot run here: prints `why` and returns, after which
/// the test returns too.
///
/// # Panics
/// With the same line, where nothing may be skipped: `CI=true` or
/// `BOOK_REQUIRE_GPU=1` is in the environment.
pub fn skip(why: impl std::fmt::Display) {
    let line = skip_line(&why.to_string());
    let set = |name, to| env::var_os(name).is_some_and(|value| value == to);
    if set("CI", "true") || set("BOOK_REQUIRE_GPU", "1") {
        panic!("{line} (and this run may skip nothing)");
    }
    eprintln!("{line}");
}

fn skip_line(why: &str) -> String {
    format!("SKIP: {}", why.lines().next().unwrap_or("no reason given"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skip_is_one_line() {
        assert_eq!(skip_line("no driver\nstack"), "SKIP: no driver");
    }
}
