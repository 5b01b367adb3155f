include!(concat!(env!("OUT_DIR"), "/order.rs"));

use exercises::{watched, why};
use order::{PREDICTED, program};

const PAGE: &str = "futures/lazy.html";

/// What explains each place, without telling it.
const REASONS: [&str; 4] = [
    "`a`, `b` and `c` exist when `program` writes. Was any of them polled by \
     then?",
    "Which future is polled first, and what is the first line of its body?",
    "`c` goes on in the same poll: the future that it awaits next was made \
     earlier, and is polled only now.",
    "`c` waits for ever. Who polls the future that is left, and does `c` ever \
     come to its last line?",
];

#[test]
fn each_place_is_predicted() {
    watched(PAGE, "The program does not end.", || {
        let said = program();
        assert_eq!(said.len(), PREDICTED.len());
        for (place, predicted) in PREDICTED.into_iter().enumerate() {
            let number = place + 1;
            let rule = match predicted {
                Some(line) if line == said[place] => continue,
                Some(line) => format!(
                    "Number {number} in the log is not {line:?}. {}",
                    REASONS[place]
                ),
                None => format!("Number {number} has no prediction yet."),
            };
            panic!("{}", why(PAGE, &rule));
        }
    });
}
