//! A plain function that returns a future checks its argument at the call.

// ANCHOR: page
/// Returns a future of the text of a page.
///
/// # Panics
/// When it is called, if `number` is zero.
pub fn page(number: u32) -> impl Future<Output = String> {
    assert!(number > 0, "pages count from one");
    async move { format!("page {number}") }
}
// ANCHOR_END: page

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[test]
    #[should_panic(expected = "pages count from one")]
    fn the_call_checks() {
        drop(page(0));
    }

    #[test]
    fn a_good_number_gives_its_page() {
        assert_eq!(page(7).now_or_never().as_deref(), Some("page 7"));
    }
}
