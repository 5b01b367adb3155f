//! Exercise to runtimes/budget.html: repair a task that keeps its thread.

// ANCHOR: stub
/// The sum of `numbers`, of which there may be millions. Repair it: in one
/// poll, take at most 100 numbers. Then let other tasks have their turns, and
/// go on.
pub async fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
    let mut sum = 0;
    for number in numbers {
        sum += number;
    }
    sum
}
// ANCHOR_END: stub
