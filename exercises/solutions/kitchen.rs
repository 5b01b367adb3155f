//! Two dishes that take their tools in one order, and give them back in a
//! destructor.

use exercises::dump::wait_for;
use exercises::tool::{Tool, work};

#[derive(Default)]
pub struct Kitchen {
    pub oven: Tool,
    pub mixer: Tool,
}

#[derive(Debug, PartialEq, Eq)]
pub struct BadEggs;

/// A tool that is in use. Dropped, it goes back.
struct InUse<'a>(&'a Tool);

impl Drop for InUse<'_> {
    fn drop(&mut self) {
        self.0.give_back();
    }
}

async fn take<'a>(name: &'static str, tool: &'a Tool) -> InUse<'a> {
    wait_for(name, tool.take()).await;
    InUse(tool)
}

/// Mixes a cake and bakes it. It fails when `eggs` gives `false`.
pub async fn cake(
    kitchen: &Kitchen,
    eggs: impl Future<Output = bool>,
) -> Result<(), BadEggs> {
    let _mixer = take("the mixer", &kitchen.mixer).await;
    if !eggs.await {
        return Err(BadEggs);
    }
    let _oven = take("the oven", &kitchen.oven).await;
    work().await;
    Ok(())
}

/// Roasts a chicken, and stirs its sauce. The mixer comes first, as for a
/// cake, so that no two dishes wait for each other.
pub async fn chicken(kitchen: &Kitchen) {
    let _mixer = take("the mixer", &kitchen.mixer).await;
    let _oven = take("the oven", &kitchen.oven).await;
    work().await;
    work().await;
}
