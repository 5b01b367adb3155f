//! Copies the listings that loom checks, with loom in place of the parts of
//! std that it must see. `tests/models/` includes the copies; the listings
//! themselves stay as the pages show them.
//!
//! It also copies the pool of workers once for each idea that makes it fast, with
//! this idea switched off. `benches/` measures what that costs.

use std::path::Path;
use std::{env, fs};

/// What is checked, relative to `listings/src/`.
const MODELLED: &[&str] = &[
    "futures/poll/manual.rs",
    "runtimes/executor/ready.rs",
    "runtimes/executor/spawner.rs",
    "runtimes/fast_executor/queue.rs",
    "runtimes/streams/unordered.rs",
    "runtimes/threads/idle.rs",
    "runtimes/threads/join.rs",
    "runtimes/threads/queue.rs",
    "runtimes/threads/scheduler.rs",
    "runtimes/threads/task.rs",
    "runtimes/timers/runtime.rs",
    "wakers/block_on/flag.rs",
    "wakers/block_on/park.rs",
    "wakers/channel/bounded.rs",
    "wakers/channel/unbounded.rs",
    "wakers/channel/waiting.rs",
    "wakers/lost_wakeups/atomic_waker.rs",
    "wakers/lost_wakeups/early.rs",
    "wakers/lost_wakeups/latch.rs",
    "wakers/lost_wakeups/late.rs",
    "wakers/mutex/fair.rs",
    "wakers/mutex/in_line.rs",
    "wakers/mutex/pool.rs",
    "wakers/notify/line.rs",
    "wakers/oneshot/alone.rs",
    "wakers/oneshot/closed.rs",
    "wakers/raw_waker/static_flag.rs",
];

/// What uses them and has nothing of its own for loom to see.
const BESIDE: &[&str] = &[
    "runtimes/executor/abort.rs",
    "runtimes/fast_executor/join.rs",
    "runtimes/fast_executor/slots.rs",
];

/// A part of `abort.rs` in a file of its own, which no model uses.
const LEFT_OUT: &str = "pub mod joined;\n";

/// What loom must see, and who stands in for it: a module of the models.
const REPLACED: &[(&str, &str)] = &[
    ("std::sync", "crate::sync"),
    ("std::thread", "crate::thread"),
    ("\nthread_local!", "\ncrate::thread_local!"),
];

/// The files of an executor, in a folder of `listings/src/runtimes/`.
type Executor = (&'static str, &'static [&'static str]);

const THREADS: Executor = (
    "threads",
    &["idle", "join", "pool", "queue", "scheduler", "task", "tasks"],
);

/// An executor without an idea: its name, the file in which the idea stands,
/// and what is to be replaced by what.
type Without =
    (&'static str, Executor, &'static str, &'static [[&'static str; 2]]);

const ABLATIONS: &[Without] = &[
    (
        "no_slot",
        THREADS,
        "scheduler",
        &[[
            "if let Some(before) = self.slot.replace(Some(task)) {\n            \
             self.queue().push(before);",
            "if self.queue().push(task) > 0 {",
        ]],
    ),
    (
        "steal_one",
        THREADS,
        "queue",
        &[["tasks.len().div_ceil(2)", "tasks.len().min(1)"]],
    ),
    (
        "wake_always",
        THREADS,
        "scheduler",
        &[
            [
                "            // There is a task besides the next one.\n            \
                 self.scheduler.wake_one();\n        }",
                "        }\n        self.scheduler.wake_one();",
            ],
            [
                "if self.queue().push(task) > 0 || self.has_next() {",
                "if self.queue().push(task) < usize::MAX {",
            ],
        ],
    ),
    ("unpadded", THREADS, "queue", &[["#[repr(align(128))]\n", ""]]),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    for name in MODELLED.iter().chain(BESIDE) {
        let from = Path::new("../listings/src").join(name);
        println!("cargo::rerun-if-changed={}", from.display());
        let to = Path::new(&out).join("models").join(name);
        let text = fs::read_to_string(&from)
            .unwrap_or_else(|why| panic!("{}: {why}", from.display()))
            .replace(LEFT_OUT, "");
        let model = model(&text, BESIDE.contains(name))
            .unwrap_or_else(|why| panic!("{}: {why}", from.display()));
        fs::create_dir_all(to.parent().expect("it is in a folder"))
            .and_then(|()| fs::write(&to, model))
            .unwrap_or_else(|why| panic!("{}: {why}", to.display()));
    }
    let ablations = ABLATIONS.iter().map(ablation);
    fs::write(
        Path::new(&out).join("ablations.rs"),
        ablations.collect::<String>(),
    )
    .unwrap_or_else(|why| panic!("ablations.rs: {why}"));
}

/// A module with an executor that lacks an idea.
fn ablation((name, (folder, files), changed, changes): &Without) -> String {
    let mut module =
        format!("#[allow(unused, clippy::all)]\npub mod {name} {{\n");
    for file in *files {
        let from = format!("../listings/src/runtimes/{folder}/{file}.rs");
        println!("cargo::rerun-if-changed={from}");
        let text = fs::read_to_string(&from)
            .unwrap_or_else(|why| panic!("{from}: {why}"))
            .replace("\r\n", "\n");
        let code = text.split("#[cfg(test)]\nmod tests").next();
        let mut code = code.unwrap_or(&text).to_string();
        for [old, new] in changes.iter().filter(|_| file == changed) {
            let times = code.matches(old).count();
            assert_eq!(times, 1, "{name}: {from} must have once:\n{old}");
            code = code.replace(old, new);
        }
        let lines = code.lines().filter(|line| !line.starts_with("//!"));
        let code: String = lines.flat_map(|line| [line, "\n"]).collect();
        module += &format!("pub mod {file} {{\n{code}}}\n");
    }
    module + "}\n"
}

/// The listing without its `//!` lines, which `include!` does not take, and
/// without its tests, which are not for loom.
fn model(text: &str, beside: bool) -> Result<String, &'static str> {
    let text = text.replace("\r\n", "\n");
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(&text);
    if code.contains("use std::{") && !beside {
        return Err("write `use std::sync::…` on a line of its own, so that \
                    build.rs can put loom in its place");
    }
    let lines = code.lines().filter(|line| !line.starts_with("//!"));
    let code: String = lines.flat_map(|line| [line, "\n"]).collect();
    let mut model = code.clone();
    for (std, ours) in REPLACED {
        model = model.replace(std, ours);
    }
    if model == code && !beside {
        return Err("there is nothing for loom to see in it: no `std::sync` \
                    and no `std::thread`; use it from the models as it is");
    }
    Ok(model)
}
