include!(concat!(env!("OUT_DIR"), "/places.rs"));

use exercises::{watched, why};
use places::{PREDICTED, program};

const PAGE: &str = "pinning/self-reference.html#what-a-move-would-break";

/// What explains each line, without telling it.
const REASONS: [&str; 5] = [
    "The value moved before it noted its place. Was there an address yet?",
    "The value noted its place, and then moved into a box. Is an address \
     corrected by a move?",
    "The `Vec` grew and moved its elements. Are its elements the values, or \
     boxes? Which of the two noted a place?",
    "Here the elements are the values themselves, and they moved to another \
     `Vec`.",
    "Each of the two was where it should be. Where does the address of `a` \
     lead after the swap?",
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
