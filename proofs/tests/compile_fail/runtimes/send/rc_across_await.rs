use std::rc::Rc;

use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::send::spawn::spawn;

async fn fry() {
    let eggs = Rc::new(6);
    yield_now().await;
    println!("{eggs} eggs");
}

pub fn start() {
    drop(spawn(fry()));
}

fn main() {}
