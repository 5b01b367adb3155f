//! Every file in `tests/compile_fail/` must fail to compile, with exactly the
//! message recorded beside it.

#[test]
fn each_failing_listing_fails_with_its_recorded_message() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/**/*.rs");
}
