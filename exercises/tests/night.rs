include!(concat!(env!("OUT_DIR"), "/night.rs"));

use exercises::{block_on, differs, is_send, watched, why};
use night::night;

const PAGE: &str =
    "pinning/dyn-and-recursion.html#send-the-compiler-cannot-look-into-a-dyn";
const HANGS: &str = "A job is pending, and nobody will wake it.";
const RULE: &str = "A `Job` is not `Send`. The compiler cannot look into a \
                    `dyn`, so the type has to say it: `+ Send`. Then it says \
                    what in `report` must stay on its thread.";

#[test]
fn a_job_is_send() {
    watched(PAGE, HANGS, || {
        assert!(is_send!(night()), "{}", why(PAGE, RULE));
    });
}

#[test]
fn the_reports_are_the_same() {
    watched(PAGE, HANGS, || {
        let jobs = night();
        assert!(is_send!(jobs), "{}", why(PAGE, RULE));
        let reports: Vec<String> = jobs.into_iter().map(block_on).collect();
        let rule = "Both jobs wait once and then report what they did before.";
        assert_eq!(reports, ["copied", "dear Ada"], "{}", differs(PAGE, rule));
    });
}
