//! Four repairs of the client that waits for itself.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use listings::proof::watchdog;
use tokio::runtime::Builder;
use tokio::sync::{Mutex, mpsc};
use tokio::time::sleep;

type Connection = Mutex<Vec<&'static str>>;

/// Reads the file, and sends it.
// ANCHOR: upload
async fn upload(connection: Arc<Connection>) {
    connection.lock().await.push("file");
}

async fn heartbeat(connection: &Connection) {
    connection.lock().await.push("heartbeat");
}

async fn is_due() {
    sleep(Duration::from_secs(1)).await;
}
// ANCHOR_END: upload

// ANCHOR: spawn
async fn spawn_it(connection: Arc<Connection>) {
    let mut upload = tokio::spawn(upload(connection.clone()));
    loop {
        tokio::select! {
            _ended = &mut upload => break,
            () = is_due() => heartbeat(&connection).await,
        }
    }
}
// ANCHOR_END: spawn

// ANCHOR: drop
async fn drop_it_first(connection: Arc<Connection>) {
    loop {
        // By value: `select!` drops the upload before it runs the other branch.
        tokio::select! {
            () = upload(connection.clone()) => break,
            () = is_due() => {}
        }
        heartbeat(&connection).await;
    }
}
// ANCHOR_END: drop

// ANCHOR: move_out
async fn read_file() -> &'static str {
    sleep(Duration::from_millis(2500)).await;
    "file"
}

async fn lock_outside(connection: Arc<Connection>) {
    let mut file = pin!(read_file());
    loop {
        tokio::select! {
            file = &mut file => break connection.lock().await.push(file),
            () = is_due() => heartbeat(&connection).await,
        }
    }
}
// ANCHOR_END: move_out

// ANCHOR: tell
async fn tell_another(connection: Arc<Connection>) {
    let (to_owner, mut orders) = mpsc::unbounded_channel();
    let owned = connection.clone();
    let owner = tokio::spawn(async move {
        while let Some(order) = orders.recv().await {
            owned.lock().await.push(order);
        }
    });
    let mut upload = pin!(upload(connection));
    loop {
        tokio::select! {
            () = &mut upload => break,
            // No `.await` here. An error means that the owner is gone.
            () = is_due() => drop(to_owner.send("heartbeat")),
        }
    }
    drop(to_owner);
    owner.await.expect("it does not panic");
}
// ANCHOR_END: tell

/// Holds the connection for two and a half seconds, then lets the client go on.
// ANCHOR: main
async fn beside_a_backup<F>(
    client: fn(Arc<Connection>) -> F,
) -> Vec<&'static str>
where
    F: Future<Output = ()> + Send + 'static,
{
    let connection = Arc::new(Connection::default());
    let guard = connection.clone().lock_owned().await;
    let client = tokio::spawn(client(connection.clone()));
    sleep(Duration::from_millis(2500)).await;
    drop(guard);
    client.await.expect("it does not panic");
    let sent = connection.lock().await;
    sent.clone()
}
// ANCHOR_END: main

fn run<F>(name: &str, client: fn(Arc<Connection>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let run = move || {
        let mut builder = Builder::new_current_thread();
        let runtime = builder.enable_time().start_paused(true).build();
        runtime.expect("a runtime").block_on(beside_a_backup(client))
    };
    match watchdog(Duration::from_secs(20), run) {
        Ok(sent) => println!("{name}: {}", sent.join(", ")),
        Err(hung) => println!("{name}: {hung}"),
    }
}

fn main() {
    run("spawned", spawn_it);
    run("dropped first", drop_it_first);
    run("locked outside", lock_outside);
    run("told another", tell_another);
}
