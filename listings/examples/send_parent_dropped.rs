//! A task waits for its child, and is dropped before the child has ended.

use std::pin::pin;
use std::sync::mpsc::channel;
use std::task::{Context, Waker};

use listings::runtimes::send::spawn::spawn;
use listings::wakers::block_on::job::ask;

// ANCHOR: program
fn main() {
    let (start, started) = channel::<()>();
    let (sender, says) = channel();
    let child = spawn(async move {
        started.recv().expect("main sends");
        sender.send("the child runs").expect("main listens");
    });
    {
        let rows = Vec::from(["eggs", "salt"]);
        let parent = async {
            println!("the parent has {} rows, and waits", rows.len());
            ask(|| child.join()).await
        };
        let mut parent = pin!(parent);
        let mut cx = Context::from_waker(Waker::noop());
        assert!(parent.as_mut().poll(&mut cx).is_pending());
    }
    println!("the parent is dropped, and so are its rows");
    start.send(()).expect("the child listens");
    println!("{}", says.recv().expect("the child sends"));
}
// ANCHOR_END: program
