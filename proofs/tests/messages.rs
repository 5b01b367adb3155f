//! Every file in `tests/compile_fail/` must fail to compile, with exactly the
//! message recorded beside it.

use std::process::Command;

use listings::proof::skip;

/// The compiler whose messages are recorded: each release words some anew.
const RECORDED_WITH: &str = "rustc 1.95.";

#[test]
fn each_failing_listing_fails_with_its_recorded_message() {
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    let rustc = rustc.unwrap_or_else(|why| why.to_string());
    if !rustc.starts_with(RECORDED_WITH) {
        return skip(format!(
            "messages are recorded with {RECORDED_WITH}x, this is {}; \
             `rustup toolchain install 1.95.0`, then `cargo +1.95.0 test`",
            rustc.trim()
        ));
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/**/*.rs");
}
