//! The six ways to run setup: how many clicks a window handles before setup
//! is done, when setup waits and when it blocks its thread.

use std::time::Duration;

use boundary::crossings::blocked::Blocked;
use boundary::crossings::boxed::Boxed;
use boundary::crossings::inbox::Inbox;
use boundary::crossings::polled::Polled;
use boundary::crossings::runtime::OnTokio;
use boundary::crossings::same::{
    CLICKS, Crossing, Event, blocks, run, sleeps, waits,
};
use boundary::crossings::thread::Thread;
use tokio::runtime::{Handle, Runtime};
use winit::event_loop::EventLoopProxy;

use crate::support::event_loop;

/// The clicks before a setup that waits and before one that blocks, and
/// whether a timer of Tokio worked.
#[derive(Debug, PartialEq)]
struct Verdict(u32, u32, bool);

fn verdict<C: Crossing>(
    way: impl Fn(EventLoopProxy<Event>, Handle) -> C,
    expected: Verdict,
) {
    let Some(mut ui) = event_loop() else { return };
    let runtime = Runtime::new().unwrap();
    let proxy = ui.create_proxy();
    let make = || way(proxy.clone(), runtime.handle().clone());
    let pause = Duration::ZERO;
    let free = run(&mut ui, make(), (waits, CLICKS), pause);
    let stuck = run(&mut ui, make(), (blocks, CLICKS), pause);
    let timer = run(&mut ui, make(), (sleeps, 0), pause);
    let [free, stuck, timer] = [free, stuck, timer].map(|seen| seen.unwrap());
    let seen = Verdict(free.clicks, stuck.clicks, timer.gpu.tokio);
    assert_eq!(seen, expected);
}

pub fn blocked() {
    verdict(|_, _| Blocked, Verdict(0, 0, false));
}

pub fn thread() {
    verdict(|proxy, _| Thread { proxy }, Verdict(CLICKS, CLICKS, false));
}

pub fn runtime() {
    let way = |proxy, tokio| OnTokio { tokio, proxy };
    verdict(way, Verdict(CLICKS, CLICKS, true));
}

pub fn inbox() {
    let way = |proxy, tokio| Inbox::new(tokio, proxy);
    verdict(way, Verdict(CLICKS, CLICKS, true));
}

pub fn polled() {
    verdict(|proxy, _| Polled::new(proxy), Verdict(CLICKS, 0, false));
}

pub fn boxed() {
    verdict(|_, _| Boxed(Blocked), Verdict(0, 0, false));
}

pub fn boxed_runtime() {
    let way = |proxy, tokio| Boxed(OnTokio { tokio, proxy });
    verdict(way, Verdict(CLICKS, CLICKS, true));
}
