//! An async function that awaits itself, with a box at each level.

// ANCHOR: sum
/// The sum of the numbers from 1 to `n`.
pub async fn sum(n: u32) -> u32 {
    if n == 0 {
        return 0;
    }
    Box::pin(sum(n - 1)).await + n
}
// ANCHOR_END: sum

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_back_with_the_sum() {
        assert_eq!(pollster::block_on(sum(10)), 55);
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn its_size_does_not_depend_on_how_deep_it_goes() {
        assert_eq!(size_of_val(&sum(1)), 24);
        assert_eq!(size_of_val(&sum(1000)), 24);
    }
}
