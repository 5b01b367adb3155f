use std::rc::Rc;

use listings::runtimes::executor::naive::Spawner;
use listings::runtimes::executor::yield_now::yield_now;

pub fn spawn(spawner: &Spawner) {
    spawner.spawn(async {
        let eggs = Rc::new(6);
        yield_now().await;
        println!("{eggs} eggs");
    });
}

fn main() {}
