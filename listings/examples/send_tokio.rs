//! Futures that are not `Send`, in Tokio.

use std::cell::RefCell;
use std::rc::Rc;

use tokio::runtime::LocalRuntime;
use tokio::task::{spawn_local, yield_now};

// ANCHOR: program
async fn writes(list: Rc<RefCell<Vec<u32>>>, number: u32) {
    yield_now().await;
    list.borrow_mut().push(number);
}

#[tokio::main(flavor = "multi_thread")]
async fn main_future() {
    // `main` is not spawned. Its thread polls it, so it need not be `Send`.
    let list = Rc::new(RefCell::new(Vec::new()));
    writes(list.clone(), 1).await;
    println!("main: {:?}", list.borrow());

    // An owned `RefCell` goes to another thread with the task that owns it.
    let spawned = tokio::spawn(async {
        let list = RefCell::new(vec![1]);
        yield_now().await;
        list.borrow_mut().push(2);
        list.into_inner()
    });
    println!("spawned: {:?}", spawned.await);
}

fn main() {
    main_future();

    let runtime = LocalRuntime::new().expect("the system has what it needs");
    runtime.block_on(async {
        let list = Rc::new(RefCell::new(Vec::new()));
        let one = spawn_local(writes(list.clone(), 1));
        let two = spawn_local(writes(list.clone(), 2));
        assert!(one.await.is_ok() && two.await.is_ok());
        list.borrow_mut().sort();
        println!("spawn_local: {:?}", list.borrow());
    });
}
// ANCHOR_END: program
