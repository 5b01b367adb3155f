//! What is left when each rule is broken once.

use listings::wakers::raw_waker::broken::{TABLES, outcome};

fn main() {
    for (rule, table) in &TABLES {
        let (rings, handles) = outcome(table);
        println!("{rule:<22} rings {rings}, handles {handles:+}");
    }
}
