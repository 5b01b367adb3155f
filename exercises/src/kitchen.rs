//! Exercise to runtimes/hangs.html: find with the dump why two tasks hang, and
//! repair them.

use exercises::dump::wait_for;
use exercises::tool::{Tool, work};

#[derive(Default)]
pub struct Kitchen {
    pub oven: Tool,
    pub mixer: Tool,
}

#[derive(Debug, PartialEq, Eq)]
pub struct BadEggs;

// ANCHOR: stub
/// Mixes a cake and bakes it. It fails when `eggs` gives `false`.
///
/// First let the dump say "for the oven" and "for the mixer" where a dish waits
/// (`wait_for`). Then repair both dishes. However one of them ends, dropped in
/// the middle too, it keeps no tool. Each dish still needs both tools.
pub async fn cake(
    kitchen: &Kitchen,
    eggs: impl Future<Output = bool>,
) -> Result<(), BadEggs> {
    kitchen.mixer.take().await;
    if !eggs.await {
        return Err(BadEggs);
    }
    kitchen.oven.take().await;
    work().await; // bakes, and stirs the cream
    kitchen.oven.give_back();
    kitchen.mixer.give_back();
    Ok(())
}

/// Roasts a chicken, and stirs its sauce.
pub async fn chicken(kitchen: &Kitchen) {
    kitchen.oven.take().await;
    work().await; // roasts
    kitchen.mixer.take().await;
    work().await; // roasts, and stirs the sauce
    kitchen.mixer.give_back();
    kitchen.oven.give_back();
}
// ANCHOR_END: stub
