include!(concat!(env!("OUT_DIR"), "/ticks.rs"));

use std::time::Duration;

use exercises::{differs, watched, why};
use ticks::Ticks;

const PAGE: &str = "runtimes/timers.html";
const HANGS: &str = "`take` does not return.";

fn ms(time: u64) -> Duration {
    Duration::from_millis(time)
}

/// When the ticks were due that come at these times, in milliseconds.
fn taken(times: &[u64]) -> Vec<Option<u128>> {
    let mut ticks = Ticks::new(ms(1000));
    let due = times.iter().map(|&now| ticks.take(ms(now)));
    due.map(|due| due.map(|due| due.as_millis())).collect()
}

#[test]
fn the_first_tick_is_due_at_once() {
    watched(PAGE, HANGS, || {
        let rule = "Nothing is due at the start. The first tick of an interval \
                    comes at once.";
        let first = Ticks::new(ms(1000)).take(ms(0));
        assert_eq!(first, Some(ms(0)), "{}", why(PAGE, rule));
    });
}

#[test]
fn who_is_in_time_gets_every_tick() {
    watched(PAGE, HANGS, || {
        let rule = "Somebody asks every half second, with a period of one.";
        let expected = [Some(0), None, Some(1000), None, Some(2000)];
        let taken = taken(&[0, 500, 1000, 1500, 2000]);
        assert_eq!(taken, expected, "{}", differs(PAGE, rule));
    });
}

#[test]
fn missed_ticks_are_left_out_and_the_others_keep_their_times() {
    watched(PAGE, HANGS, || {
        let rule = "The ticks at 2000, 3000 and 4000 are late at 4500. One \
                    comes then, the others are left out, and the next is due \
                    at 5000.";
        let expected =
            [Some(0), Some(1000), Some(2000), None, Some(5000), None];
        let taken = taken(&[0, 1000, 4500, 4600, 5000, 5999]);
        assert_eq!(taken, expected, "{}", differs(PAGE, rule));
    });
}

#[test]
fn late_by_whole_periods_is_late_too() {
    watched(PAGE, HANGS, || {
        let rule = "At 3000 the ticks of 1000, 2000 and 3000 are due. One \
                    comes, and the next is to come at 4000.";
        let expected = [Some(0), Some(1000), None, Some(4000)];
        let taken = taken(&[0, 3000, 3500, 4000]);
        assert_eq!(taken, expected, "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_period_may_be_a_part_of_a_millisecond() {
    watched(PAGE, HANGS, || {
        let us = Duration::from_micros;
        let mut ticks = Ticks::new(us(250));
        let times = [0, 900, 999, 1000, 1500];
        let taken = times.map(|now| ticks.take(us(now)));
        let rule = "The period is 250 microseconds. The ticks at 250, 500 and \
                    750 are late at 900: one comes then, and the next is due at \
                    1000. Do not round to milliseconds.";
        let expected = [Some(0), Some(250), None, Some(1000), Some(1250)];
        let expected = expected.map(|due| due.map(us));
        assert_eq!(taken, expected, "{}", differs(PAGE, rule));
    });
}
