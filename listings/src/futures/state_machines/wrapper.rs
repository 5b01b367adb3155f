//! A wrapper around a future, which doubles it, and two that do not.

// ANCHOR: by_value
/// Awaits `future` and says that it is done.
pub async fn logged<F: Future>(future: F, log: fn(&str)) -> F::Output {
    let value = future.await;
    log("done");
    value
}
// ANCHOR_END: by_value

// ANCHOR: by_call
/// Awaits what `work` returns and says that it is done.
pub async fn logged_call<F: Future>(
    work: impl FnOnce() -> F,
    log: fn(&str),
) -> F::Output {
    let value = work().await;
    log("done");
    value
}
// ANCHOR_END: by_call

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::state_machines::held::used_after;

    fn quiet(_: &str) {}

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn a_wrapper_by_value_has_room_for_its_future_twice() {
        let zero = used_after();
        assert_eq!(size_of_val(&zero), 1032);
        let one = logged(zero, quiet);
        assert_eq!(size_of_val(&one), 2 * 1032 + 24);
        let two = logged(one, quiet);
        assert_eq!(size_of_val(&two), 2 * (2 * 1032 + 24) + 24);
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn a_wrapper_that_makes_its_future_has_it_once() {
        let one = || logged_call(used_after, quiet);
        assert_eq!(size_of_val(&one()), 1032 + 24);
        let two = logged_call(one, quiet);
        assert_eq!(size_of_val(&two), 1032 + 24 + 24);
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn a_box_is_doubled_too_and_that_is_cheap() {
        let one = logged(Box::pin(used_after()), quiet);
        assert_eq!(size_of_val(&one), 2 * 8 + 24);
    }

    #[test]
    fn all_give_the_value() {
        assert_eq!(pollster::block_on(logged(used_after(), quiet)), 1024);
        assert_eq!(pollster::block_on(logged_call(used_after, quiet)), 1024);
    }
}
