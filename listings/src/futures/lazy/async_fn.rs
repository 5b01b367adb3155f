//! An `async fn` checks its argument when it is polled, not when it is called.

// ANCHOR: page
/// Returns the text of a page.
///
/// # Panics
/// When it is polled, if `number` is zero.
pub async fn page(number: u32) -> String {
    assert!(number > 0, "pages count from one");
    format!("page {number}")
}
// ANCHOR_END: page

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[test]
    fn the_call_checks_nothing() {
        drop(page(0));
    }

    #[test]
    #[should_panic(expected = "pages count from one")]
    fn the_first_poll_checks() {
        let _ = page(0).now_or_never();
    }

    #[test]
    fn a_good_number_gives_its_page() {
        assert_eq!(page(7).now_or_never().as_deref(), Some("page 7"));
    }
}
