//! What a future that awaits others is made of.

// ANCHOR: children
use super::held::used_after;

/// Awaits one child.
pub async fn one() -> u32 {
    used_after().await
}

/// Awaits two, one after the other.
pub async fn two_in_turn() -> u32 {
    used_after().await + used_after().await
}

/// Makes both before it awaits the first.
pub async fn two_at_once() -> u32 {
    let first = used_after();
    let second = used_after();
    first.await + second.await
}

/// Puts the child on the heap.
pub async fn one_boxed() -> u32 {
    Box::pin(used_after()).await
}
// ANCHOR_END: children

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_part_of_its_parent() {
        assert_eq!(size_of_val(&used_after()), 1032);
        assert_eq!(size_of_val(&one()), 1036);
    }

    #[test]
    fn children_share_a_place_unless_they_live_at_once() {
        assert_eq!(size_of_val(&two_in_turn()), 1040);
        assert_eq!(size_of_val(&two_at_once()), 2072);
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn a_boxed_child_is_a_pointer() {
        assert_eq!(size_of_val(&one_boxed()), 16);
    }

    #[test]
    fn they_give_the_same() {
        assert_eq!(pollster::block_on(one()), 1024);
        assert_eq!(pollster::block_on(one_boxed()), 1024);
        assert_eq!(pollster::block_on(two_in_turn()), 2048);
        assert_eq!(pollster::block_on(two_at_once()), 2048);
    }
}
