include!(concat!(env!("OUT_DIR"), "/permits.rs"));

use exercises::{watched, why};
use permits::{PREDICTED, program};

const PAGE: &str = "wakers/notify.html";

/// What explains each line, without telling it.
const REASONS: [&str; 5] = [
    "Nobody waited when `notify_one` was called. Is such a call kept?",
    "`notify_one` was called twice, and one future has come since. How many \
     calls are kept?",
    "Both wait, and `notify_one` is called once. Which of the two is told: the \
     one that has waited longest, or the one that is polled first?",
    "The first was told, and is dropped before it is polled again. What \
     happens with the news?",
    "Was what the second one was told used up when it was ready, or is it \
     passed on when it is dropped?",
];

#[test]
fn each_place_is_predicted() {
    watched(PAGE, "The program does not end.", || {
        let said = program();
        let names = ["one", "two", "three", "four", "five"];
        for (place, name) in names.into_iter().enumerate() {
            let rule = match PREDICTED[place] {
                Some(predicted) if predicted == said[place] => continue,
                Some(_) => format!("`{name}` is not so. {}", REASONS[place]),
                None => format!("`{name}` has no prediction yet."),
            };
            panic!("{}", why(PAGE, &rule));
        }
    });
}
