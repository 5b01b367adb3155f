//! A user clicks a hundred times while async setup runs: how many of the clicks
//! a window handles meanwhile, with `block_on` in its handler, and with a task
//! of Tokio.

use std::error::Error;
use std::time::Duration;

use boundary::crossings::blocked::Blocked;
use boundary::crossings::runtime::OnTokio;
use boundary::crossings::same::{CLICKS, run, waits};
use boundary::proxy::screen;
use tokio::runtime::Runtime;

fn main() -> Result<(), Box<dyn Error>> {
    let mut ui = screen::event_loop()?;
    let proxy = ui.create_proxy();
    let runtime = Runtime::new()?;

    // ANCHOR: two
    let seen = run(&mut ui, Blocked, (waits, CLICKS), Duration::ZERO)?;
    println!("block_on: {} of {CLICKS} clicks handled", seen.clicks);

    let tokio = OnTokio { tokio: runtime.handle().clone(), proxy };
    let seen = run(&mut ui, tokio, (waits, CLICKS), Duration::ZERO)?;
    println!("Tokio: {} of {CLICKS} clicks handled", seen.clicks);
    // ANCHOR_END: two
    Ok(())
}
