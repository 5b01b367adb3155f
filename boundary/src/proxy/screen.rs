//! An event loop, or one line that says why there is none.

use std::panic::{self, AssertUnwindSafe};
use std::{error, fmt, thread};

use winit::event_loop::EventLoop;

/// There is no event loop to be had here.
pub struct NoScreen(String);

impl fmt::Display for NoScreen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no window can be opened here: {}", self.0)
    }
}

/// The same line: it is what `main` prints of an error that it returns.
impl fmt::Debug for NoScreen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl error::Error for NoScreen {}

// ANCHOR: event_loop
/// The event loop of this process, on its main thread, once.
///
/// # Errors
/// [`NoScreen`] when the system has no display, or none of the libraries that
/// winit opens at run time; winit itself panics over some of these.
pub fn event_loop<E: 'static>() -> Result<EventLoop<E>, NoScreen> {
    let why = match quietly(|| EventLoop::with_user_event().build()) {
        Ok(Ok(event_loop)) => return Ok(event_loop),
        Ok(Err(why)) => without_place(&why.to_string()).to_string(),
        Err(panic) => match panic.downcast_ref::<String>() {
            Some(text) => text.clone(),
            None => "winit panicked".to_string(),
        },
    };
    Err(NoScreen(with_advice(&why)))
}

/// What `call` gives, or its panic, of which nothing is printed.
pub fn quietly<T>(call: impl FnOnce() -> T) -> thread::Result<T> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(AssertUnwindSafe(call));
    panic::set_hook(hook);
    result
}
// ANCHOR_END: event_loop

fn with_advice(why: &str) -> String {
    let advice = if cfg!(target_os = "linux") {
        "; on Linux it takes a display (or `xvfb-run -a`) and the libraries \
         libX11, libXcursor, libXi and libxkbcommon-x11"
    } else {
        ""
    };
    let why = why.replace('\n', " ");
    format!("{}{advice}", why.trim_end_matches(['.', ' ']))
}

/// winit puts the place in its own source before the reason.
fn without_place(why: &str) -> &str {
    why.split_once(".rs:")
        .and_then(|(_, rest)| rest.split_once(": "))
        .map_or(why, |(_, reason)| reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_in_winit_is_left_out() {
        let why = "os error at /a/mod.rs:7: no DISPLAY is set.";
        assert_eq!(without_place(why), "no DISPLAY is set.");
    }

    #[test]
    fn the_reason_is_one_line() {
        let why = NoScreen(with_advice("no\ndisplay"));
        assert_eq!(format!("{why}").lines().count(), 1);
        assert_eq!(format!("{why:?}"), format!("{why}"));
    }
}
