//! Six ways to run a window's async setup: how many of a hundred clicks the
//! window handles before setup is done. With the argument `times` it measures
//! how long the window handles nothing.

use std::env;
use std::error::Error;
use std::time::Duration;

use boundary::crossings::blocked::Blocked;
use boundary::crossings::boxed::Boxed;
use boundary::crossings::inbox::Inbox;
use boundary::crossings::polled::Polled;
use boundary::crossings::runtime::OnTokio;
use boundary::crossings::same::{
    CLICKS, Crossing, Event, Gpu, Seen, User, blocks, run, sleeps, waits,
};
use boundary::crossings::thread::Thread;
use boundary::proxy::screen;
use tokio::runtime::Runtime;
use winit::event_loop::EventLoop;

/// How many lines of a listing are code.
fn lines(source: &str) -> usize {
    let is_mark =
        |line: &&str| line.starts_with("// ") && line.ends_with(" way");
    source
        .lines()
        .map(str::trim)
        .skip_while(|line| !is_mark(line))
        .skip(1)
        .take_while(|line| !is_mark(line))
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .count()
}

/// What this program asks for.
struct Program {
    event_loop: EventLoop<Event>,
    /// Zero, or the time between two clicks, which asks for times.
    pause: Duration,
}

impl Program {
    // ANCHOR: try_way
    /// Runs the program in one way, once for each setup, and prints a row.
    fn try_way<C: Crossing>(
        &mut self,
        name: &str,
        source: &str,
        way: impl Fn() -> C,
    ) -> Result<(), Box<dyn Error>> {
        let wait = self.run(way(), waits, CLICKS)?;
        let block = self.run(way(), blocks, CLICKS)?;
        let sleep = self.run(way(), sleeps, 0)?;
        let tokio = if sleep.gpu.tokio { "yes" } else { "no" };
        let (wait, block) = (self.show(&wait), self.show(&block));
        let lines = lines(source);
        println!("{name:<16} {wait:>7} {block:>7} {tokio:>7} {lines:>6}");
        Ok(())
    }
    // ANCHOR_END: try_way

    /// Opens a window, and closes it once setup is done and so many clicks
    /// were handled.
    fn run<F: Future<Output = Gpu> + Send + 'static>(
        &mut self,
        way: impl Crossing,
        setup: fn(User) -> F,
        clicks: u32,
    ) -> Result<Seen, Box<dyn Error>> {
        run(&mut self.event_loop, way, (setup, clicks), self.pause)
    }

    fn show(&self, seen: &Seen) -> String {
        if self.pause.is_zero() {
            seen.clicks.to_string()
        } else {
            format!("{} ms", seen.gap.as_millis())
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let times = env::args().nth(1).is_some_and(|word| word == "times");
    let event_loop = screen::event_loop()?;
    let proxy = event_loop.create_proxy();
    let runtime = Runtime::new()?;
    let tokio = runtime.handle();
    let pause = Duration::from_millis(if times { 3 } else { 0 });
    let mut all = Program { event_loop, pause };

    println!("setup that         waits  blocks    uses  lines");
    println!("                                  timers     of");
    println!("                  clicks  clicks           code");
    let one = include_str!("../src/crossings/blocked.rs");
    all.try_way("1 block_on", one, || Blocked)?;
    let two = include_str!("../src/crossings/thread.rs");
    all.try_way("2 thread + proxy", two, || Thread { proxy: proxy.clone() })?;
    let three = include_str!("../src/crossings/runtime.rs");
    let on_tokio = || OnTokio { tokio: tokio.clone(), proxy: proxy.clone() };
    all.try_way("3 Tokio + proxy", three, on_tokio)?;
    let four = include_str!("../src/crossings/inbox.rs");
    let inbox = || Inbox::new(tokio.clone(), proxy.clone());
    all.try_way("4 channel + wake", four, inbox)?;
    let five = include_str!("../src/crossings/polled.rs");
    all.try_way("5 polled in loop", five, || Polled::new(proxy.clone()))?;
    let six = include_str!("../src/crossings/boxed.rs");
    all.try_way("6 boxed, by 3", six, || Boxed(on_tokio()))?;
    all.try_way("6 boxed, by 1", six, || Boxed(Blocked))?;
    Ok(())
}
