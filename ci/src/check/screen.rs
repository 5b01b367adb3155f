//! Where windows open: a screen that nobody sees, or the display that is there.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use super::run::find;

pub struct Screen {
    display: OsString,
    /// Where a driver leaves its files.
    runtime: TempDir,
    server: Option<Child>,
}

impl Screen {
    /// A screen of our own where there is Xvfb, else the display; nothing where there is neither.
    pub fn open() -> Result<Option<Screen>> {
        let runtime = tempfile::tempdir()?;
        let Some(xvfb) = find("Xvfb") else {
            let display = std::env::var_os("DISPLAY");
            return Ok(display.map(|display| Screen { display, runtime, server: None }));
        };
        // It takes a number that is free, and says which. Without -noreset it ends with its last client.
        let mut server = Command::new(xvfb)
            .args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-noreset", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let said = server.stdout.take().context("Xvfb has no output")?;
        let mut number = String::new();
        BufReader::new(said).read_line(&mut number)?;
        let display = format!(":{}", number.trim()).into();
        Ok(Some(Screen { display, runtime, server: Some(server) }))
    }

    /// What a program is told of it.
    pub fn variables(&self) -> [(&str, &OsStr); 2] {
        [("DISPLAY", &self.display), ("XDG_RUNTIME_DIR", self.runtime.path().as_os_str())]
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}
