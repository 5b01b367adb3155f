//! Every file in `tests/compile_fail/` must fail to compile, with exactly the
//! message recorded beside it.

use std::process::Command;

use listings::proof::skip;

/// The compiler whose messages are recorded: each release words some anew.
const TOOLCHAIN: &str = include_str!("../../rust-toolchain.toml");

#[test]
fn each_failing_listing_fails_with_its_recorded_message() {
    let version = TOOLCHAIN.split("channel = \"").nth(1);
    let version = version.and_then(|rest| rest.split('"').next());
    let version = version.expect("the toolchain has a version");
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    let rustc = rustc.unwrap_or_else(|why| why.to_string());
    if !rustc.starts_with(&format!("rustc {version} ")) {
        return skip(format!(
            "messages are recorded with rustc {version}, this is {}; \
             `rustup toolchain install {version}`, and no RUSTUP_TOOLCHAIN",
            rustc.trim()
        ));
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/**/*.rs");
}
