//! The client and the backup on the executor of the book, with a dump.

use std::pin::pin;
use std::rc::Rc;

use listings::cancellation::futurelock::dump::{Watch, wait_for};
use listings::runtimes::executor::Executor;
use listings::runtimes::executor::yield_now::yield_now;
use listings::wakers::mutex::fair::Mutex;

// ANCHOR: program
type Connection = Rc<Mutex<Vec<&'static str>>>;

async fn backup(connection: Connection) {
    let _guard = wait_for("connection", connection.lock()).await;
    for _ in 0..3 {
        yield_now().await;
    }
}

async fn client(connection: Connection) {
    let mut upload = pin!(wait_for("connection", connection.lock()));
    tokio::select! {
        biased;
        mut connection = &mut upload => connection.push("file"),
        () = yield_now() => {
            let heartbeat = wait_for("connection", connection.lock());
            heartbeat.await.push("heartbeat");
        }
    }
}

fn main() {
    let (executor, watch) = (Executor::default(), Watch::default());
    let spawner = executor.spawner();
    let connection = Connection::new(Mutex::new(vec![]));
    let tasks = [
        spawner.spawn(watch.task("backup", backup(connection.clone()))),
        spawner.spawn(watch.task("client", client(connection.clone()))),
    ];
    println!("{} task is left", executor.run_until_stalled());
    print!("{watch}");
    drop(tasks);
}
// ANCHOR_END: program
