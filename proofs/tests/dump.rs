//! Tokio's own dump of the tasks that hang prints what is recorded. Its program
//! is a workspace of its own, because it needs other flags.

mod support;

use std::path::Path;
use std::process::Command;

use listings::proof::{Recorded, check_recorded, skip};
use support::end_of;

/// Tokio dumps tasks on Linux only.
const DUMPS: bool = cfg!(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
));

#[test]
fn tokios_dump_says_in_which_functions_each_task_waits() {
    if !DUMPS {
        return skip("Tokio has no task dump on this system");
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = Command::new(env!("CARGO"))
        .current_dir(root.join("proofs/tests/dump"))
        .args(["build", "--quiet", "--locked", "--target-dir"])
        .arg("../../../target/dump")
        .env("RUSTFLAGS", "--cfg tokio_unstable")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .expect("cargo starts");
    let errors = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "the dump does not build:\n{errors}");
    let program = Command::new(root.join("target/dump/debug/dump"));
    let text = end_of(program).expect("it ends");
    if let Recorded::Differs(why) =
        check_recorded("proofs/tests/dump/output.txt", &text)
    {
        panic!("{why}");
    }
}
