include!(concat!(env!("OUT_DIR"), "/woken.rs"));

use exercises::{watched, why};
use woken::{PREDICTED, program};

const TWO_TASKS: &str = "wakers/contract.html#one-future-in-two-tasks";
const HANDLE: &str = "wakers/contract.html#a-handle-to-a-task";
const SPURIOUS: &str = "wakers/contract.html#polls-that-nobody-asked-for";

/// What explains each place, without telling it.
const REASONS: [(&str, &str); 5] = [
    (TWO_TASKS, "Task `a` polled the future first, and `b` polled it later."),
    (TWO_TASKS, "Of the wakers of one future, which does the future keep?"),
    (HANDLE, "A waker is made and dropped. Is a drop a wake?"),
    (HANDLE, "Count the wakes: by reference, by value, and the last drop."),
    (
        SPURIOUS,
        "It is woken three times during one poll. How many polls can \
                three such wakes ask for?",
    ),
];

#[test]
fn each_place_is_predicted() {
    watched(HANDLE, "The program does not end.", || {
        let said = program();
        let names = ["one", "two", "three", "four", "polls"];
        for (place, name) in names.into_iter().enumerate() {
            let (page, reason) = REASONS[place];
            let rule = match PREDICTED[place] {
                Some(predicted) if predicted == said[place] => continue,
                Some(_) => format!("`{name}` is not so. {reason}"),
                None => format!("`{name}` has no prediction yet."),
            };
            panic!("{}", why(page, &rule));
        }
    });
}
