//! The programs of the chapter `boundary/web` run in a browser: compiled for it,
//! opened in Chromium, and compared with what is recorded.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::browser::{Browser, sum_of};
use super::run::{Passed, Run, built_anew, find, logs, skip};
use super::screen::Screen;
use crate::disk;
use crate::problem;
use crate::read::listing::BOUNDARY;
use crate::read::source::{LIVE, Source};
use crate::write::live;

const TARGET: &str = "wasm32-unknown-unknown";

/// Set where the target cannot be had, so that its lack is no failure.
const WITHOUT: &str = "CI_WITHOUT_WASM";

/// What is compiled, and run by `web.mjs`.
const PROGRAMS: [&str; 8] =
    ["web_app", "web_first_poll", "web_block_on", "web_condvar", "web_busy", "web_wait", "web_slot", "web_oneshot"];

/// One of them runs on WebGL as well, and has another record of what it says.
const ON_WEBGL: &str = "web_app_webgl";

/// It compiles for the desktop alone.
const REFUSED: &str = "web_send";

/// Compiles the programs and runs them in Chromium.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let browser = Browser::find(run)?;
    let Some(screen) = Screen::open()? else {
        return skip(
            "no display and no Xvfb, and Chromium shows a canvas of WebGPU on a display only: apt-get install xvfb",
        );
    };
    if !has_target(run)? {
        // `.ci/run` tried to get it, and said that it cannot be had there.
        if std::env::var_os(WITHOUT).is_some() {
            return Passed::note(format!("left out: {TARGET} cannot be had"));
        }
        return skip(format!(
            "no target {TARGET}: `rustup target add {TARGET}`, or set RUSTC to a compiler that has it"
        ));
    }
    let pages = programs(run)?;
    let live = leave(run, &pages)?;
    let refused = refusal(run)?;
    fs::write(pages.join(format!("{REFUSED}.txt")), refused)?;
    let on_screen = |log: &str, script: &str, folder: &Path| {
        sum_of(run, log, browser.script(run, script).arg(folder).envs(screen.variables()))
    };
    let said = on_screen("web", "web.mjs", &pages)?;
    let mut wrong = Vec::new();
    for name in PROGRAMS.iter().chain([&ON_WEBGL, &REFUSED]) {
        wrong.extend(compare(run, &pages, name)?);
    }
    problem::none_of(&wrong)?;
    let shown = on_screen("web-live", "live.mjs", &built_anew(run, live)?)?;
    Passed::note(format!("{said}; {shown}"))
}

/// Leaves the programs that pages ask for where a build of the book finds them:
/// all of them or those of the time before. Large ones only this run finds.
fn leave(run: &Run, pages: &Path) -> Result<PathBuf> {
    let folder = match run.named {
        true => run.root.join(LIVE),
        false => logs(&run.root).join("live"),
    };
    let new = folder.with_extension("new");
    disk::clear(&new)?;
    fs::create_dir_all(&new)?;
    for name in live::asked(&Source::load(&run.root)?)? {
        ensure!(
            PROGRAMS.contains(&&*name),
            "a page asks for `{name}`, which is not among `PROGRAMS` of ci/src/check/web.rs"
        );
        for file in live::files(&name) {
            fs::copy(pages.join(&file), new.join(&file)).context(file)?;
        }
    }
    disk::clear(&folder)?;
    fs::rename(&new, &folder)?;
    Ok(folder)
}

/// Whether the compiler has the target, after rustup was asked for it.
fn has_target(run: &Run) -> Result<bool> {
    let compiler = std::env::var_os("RUSTC").unwrap_or("rustc".into());
    let there = || -> Result<bool> {
        let mut rustc = run.program(&compiler);
        let (status, said) = run.ended("web-target", rustc.args(["--print", "target-libdir", "--target", TARGET]))?;
        Ok(status.success() && Path::new(said.trim()).is_dir())
    };
    if there()? {
        return Ok(true);
    }
    let Some(rustup) = find("rustup") else { return Ok(false) };
    run.ended("web-rustup", run.program(rustup).args(["target", "add", TARGET]))?;
    there()
}

/// As what is shipped, or in half the time as what is only tried.
fn profile(run: &Run) -> &'static str {
    if run.named { "web" } else { "quick" }
}

/// Compiles these programs for the browser.
fn build(run: &Run, programs: &[&str]) -> Command {
    let mut cargo = run.cargo();
    cargo.args(["build", "--profile", profile(run), "-p", BOUNDARY, "--target", TARGET]);
    // With the flags of another target, all would be compiled again.
    cargo.args(["--target-dir", "target/web"]).args(programs.iter().flat_map(|program| ["--example", program]));
    cargo
}

/// Compiles the programs. Returns the folder with what a browser loads.
fn programs(run: &Run) -> Result<PathBuf> {
    without_warning(&run.said("web-build", &mut build(run, &PROGRAMS))?)?;
    let pages = logs(&run.root).join("web");
    disk::clear(&pages)?;
    let built = run.root.join("target/web").join(TARGET);
    let built = built.join(profile(run)).join("examples");
    // In the folder of its own no other cargo is waited for.
    let bindgen = ["run", "-q", "-p", "bindgen", "--target-dir", "target/web", "--"];
    let programs = PROGRAMS.map(|name| built.join(format!("{name}.wasm")));
    without_warning(&run.said("web-bindgen", run.cargo().args(bindgen).arg(&pages).args(programs))?)?;
    Ok(pages)
}

fn without_warning(log: &str) -> Result<()> {
    ensure!(!log.contains("warning: "), "the compiler warns:\n{log}");
    Ok(())
}

/// What the compiler says of the program that it refuses.
fn refusal(run: &Run) -> Result<String> {
    let (status, log) = run.ended("web-refused", &mut build(run, &[REFUSED]))?;
    ensure!(!status.success(), "`{REFUSED}` compiles for the browser now");
    message(&log).with_context(|| format!("no message of {REFUSED}: {log}"))
}

/// The first error and its notes, without the places in other crates that they
/// point to.
fn message(log: &str) -> Option<String> {
    let start = log.find("error[")?;
    let text = &log[start..];
    let end = text.find("\n\n").unwrap_or(text.len());
    let is_note = |line: &str| {
        let line = line.trim_start().trim_start_matches("= ");
        line.starts_with("help: ") || line.starts_with("note: ")
    };
    let mut message = String::new();
    let mut in_notes = false;
    for line in text[..end].lines() {
        in_notes |= is_note(line);
        if !in_notes || is_note(line) {
            message += line.trim_end();
            message.push('\n');
        }
    }
    Some(message)
}

/// Compares what was said with what is recorded, or records it.
fn compare(run: &Run, pages: &Path, name: &str) -> Result<Option<String>> {
    let said = fs::read_to_string(pages.join(format!("{name}.txt")))?;
    let shown = format!("{BOUNDARY}/examples/browser/{name}.txt");
    let record = run.root.join(&shown);
    if run.bless {
        fs::write(&record, said)?;
        return Ok(None);
    }
    let recorded = fs::read_to_string(&record).unwrap_or_default();
    Ok((said != recorded)
        .then(|| format!("{shown} is not what was said here; `cargo ci --bless web` records it:\n{said}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_its_notes_without_their_places() {
        let log = "   Compiling a\nerror[E0277]: no\n --> a.rs:1:1\n  |\n\
                   1 | x\n  | ^ no\n  |\n  = help: a\nnote: b\n \
                   --> /far/b.rs:1:1\n  |\n1 | pub struct B {\n\n\
                   error: other";
        let wanted = "error[E0277]: no\n --> a.rs:1:1\n  |\n1 | x\n  | ^ no\n  \
                      |\n  = help: a\nnote: b\n";
        assert_eq!(message(log).unwrap(), wanted);
    }
}
