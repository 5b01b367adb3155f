//! What tokio-console is told of the tasks that hang is what is recorded. Its
//! programs are a workspace of their own, because they need other flags and a
//! hundred crates that nothing else needs: so this runs only when it is asked
//! for.

mod support;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use listings::proof::{Recorded, check_recorded};
use support::end_of;

/// How long a program has to reach its hang, on however busy a machine.
const LIMIT: Duration = Duration::from_secs(60);

#[test]
#[ignore = "compiles a hundred crates: `cargo ci console`"]
fn the_console_sees_for_which_semaphore_each_task_waits() {
    looks_as_recorded("pool");
}

#[test]
#[ignore = "compiles a hundred crates: `cargo ci console`"]
fn the_console_sees_that_nobody_holds_a_waker() {
    looks_as_recorded("wakers");
}

/// Starts a program, and looks at it until it is as recorded. There is no other
/// way to know when it hangs.
fn looks_as_recorded(name: &str) {
    let programs = built();
    let address = free_address();
    let mut program = Command::new(programs.join(name));
    program.env("TOKIO_CONSOLE_BIND", &address).stdout(Stdio::null());
    let program = program.stderr(Stdio::null()).spawn().expect("it starts");
    let _ended = Ended(program);
    let end = Instant::now() + LIMIT;
    let mut before = None;
    loop {
        let mut look = Command::new(programs.join("look"));
        look.env("TOKIO_CONSOLE_BIND", &address);
        let seen = end_of(look).expect("it ends");
        let path = format!("proofs/tests/console/{name}.txt");
        // Two looks in a row see the same: what is recorded stands still.
        if before.as_ref() == Some(&seen) || Instant::now() > end {
            match check_recorded(&path, &seen) {
                Recorded::Differs(why) if Instant::now() > end => {
                    panic!("{why}")
                }
                Recorded::Differs(_) => {}
                Recorded::Same | Recorded::Blessed => return,
            }
        }
        before = Some(seen);
    }
}

/// The folder of the programs, which are built now.
fn built() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = Command::new(env!("CARGO"))
        .current_dir(root.join("proofs/tests/console"))
        .args(["build", "--quiet", "--locked", "--target-dir"])
        .arg("../../../target/console")
        .env("RUSTFLAGS", "--cfg tokio_unstable")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .expect("cargo starts");
    let errors = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "it does not build:\n{errors}");
    root.join("target/console/debug")
}

/// An address at which nobody listens now.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").to_string()
}

/// Ends a program that hangs.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
