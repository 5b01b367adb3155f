//! An async function that awaits itself ten times.

use listings::futures::combinators::recursion::sum;

fn main() {
    println!("{} bytes", size_of_val(&sum(10)));
    println!("{}", pollster::block_on(sum(10)));
}
