//! How to run code that may panic.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::wakers::contract::wake_all::discard;

// ANCHOR: catch
/// Runs code that is not ours. A panic in it ends here and leaves its message.
pub fn catch<T>(code: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(code)).map_err(message)
}
// ANCHOR_END: catch

#[cold]
// ANCHOR: message
/// The text of a panic. Drops the payload, whose destructor may panic as well.
pub fn message(payload: Box<dyn Any + Send>) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| text.to_string());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    discard(payload);
    text.unwrap_or_default()
}
// ANCHOR_END: message

#[cfg(test)]
mod tests {
    use std::panic::panic_any;

    use super::*;
    use crate::proof::hostile::caught;

    #[test]
    fn a_panic_leaves_its_message() {
        let name = "Ann";
        assert_eq!(catch(|| 42), Ok(42));
        let literal = catch(|| panic!("no eggs"));
        assert_eq!(literal, Err::<(), _>("no eggs".into()));
        let formatted = catch(|| panic!("{name} has no eggs"));
        assert_eq!(formatted, Err::<(), _>("Ann has no eggs".into()));
        assert_eq!(catch(|| panic_any(42)), Err::<(), _>(String::new()));
    }

    /// A payload whose destructor panics, with one like itself.
    struct Again;

    impl Drop for Again {
        fn drop(&mut self) {
            panic_any(Again);
        }
    }

    #[test]
    fn a_payload_whose_destructor_panics_is_caught_too() {
        let catches = || catch(|| panic_any(Again)).is_err();
        assert_eq!(caught(catches), Ok(true));
    }
}
