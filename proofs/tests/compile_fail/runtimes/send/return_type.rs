use std::rc::Rc;

use listings::runtimes::executor::yield_now::yield_now;

async fn fry() {
    let eggs = Rc::new(6);
    yield_now().await;
    println!("{eggs} eggs");
}

pub fn checked() -> impl Future<Output = ()> + Send {
    fry()
}

fn main() {}
