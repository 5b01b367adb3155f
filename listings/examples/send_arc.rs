//! Two tasks that share a table, and own it together.

use std::sync::Arc;

use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::send::spawn::spawn;

// ANCHOR: program
struct Db {
    rows: Vec<&'static str>,
}

async fn count(db: Arc<Db>, letter: char) -> usize {
    yield_now().await;
    db.rows.iter().filter(|row| row.contains(letter)).count()
}

fn main() {
    let db = Arc::new(Db { rows: vec!["eggs", "salt", "sugar"] });
    let a = spawn(count(db.clone(), 'a'));
    let g = spawn(count(db.clone(), 'g'));
    println!("a: {:?}, g: {:?}", a.join().ok(), g.join().ok());
    println!("all: {}", db.rows.len());
}
// ANCHOR_END: program
