include!(concat!(env!("OUT_DIR"), "/night.rs"));

use exercises::{block_on, differs, is_ready, is_send, watched, why};
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
        let mut jobs = night();
        assert!(is_send!(jobs), "{}", why(PAGE, RULE));
        let waits = !jobs.iter_mut().any(is_ready);
        let rule = "Each job is pending once. Let `report` keep its `.await`: \
                    the compiler complains about what it holds meanwhile.";
        assert!(waits, "{}", why(PAGE, rule));
        let reports: Vec<String> = jobs.into_iter().map(block_on).collect();
        let rule = "Both jobs wait once and then report what they did before.";
        assert_eq!(reports, ["copied", "dear Ada"], "{}", differs(PAGE, rule));
    });
}
