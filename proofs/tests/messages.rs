//! Every file in `tests/compile_fail/` must fail to compile, with exactly the
//! message recorded beside it.

use std::env;
use std::process::Command;

use listings::proof::skip;

/// The compiler whose messages are recorded: each release words some anew.
const TOOLCHAIN: &str = include_str!("../../rust-toolchain.toml");

/// What `cargo ci` has this compiled with, which cargo would use for the files too.
const CLIPPY: &str = "RUSTC_WORKSPACE_WRAPPER";

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
    if env::var_os(CLIPPY).is_some() {
        // What clippy says is no part of a message: once more, without it.
        let again = env::current_exe().map(Command::new).map(|mut again| {
            again.env_remove(CLIPPY).args(env::args_os().skip(1)).status()
        });
        let status = again.flatten().expect("the test starts once more");
        assert!(status.success(), "see what it says above");
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/**/*.rs");
}
