//! Where a value is in memory, as a number that nothing is read through.

// ANCHOR: place
use std::ptr;

/// Returns the address of `value`, as a number to compare.
pub fn place_of<T>(value: &T) -> usize {
    ptr::from_ref(value).addr()
}

/// Says whether `place` lies within the bytes of `value`.
pub fn is_inside<T>(place: usize, value: &T) -> bool {
    let start = place_of(value);
    (start..start + size_of::<T>()).contains(&place)
}
// ANCHOR_END: place

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_inside_its_struct_and_a_neighbor_is_not() {
        let pair = [(1u8, 2u32), (3, 4)];
        assert!(is_inside(place_of(&pair[0].1), &pair[0]));
        assert!(is_inside(place_of(&pair[1]), &pair));
        assert!(!is_inside(place_of(&pair[1]), &pair[0]));
        assert!(!is_inside(place_of(&pair[0]), &pair[1]));
    }

    #[test]
    fn the_text_of_a_string_is_not_inside_the_string() {
        let text = String::from("hello");
        assert!(is_inside(place_of(&text), &text));
        assert!(!is_inside(place_of(&text.as_bytes()[0]), &text));
    }
}
