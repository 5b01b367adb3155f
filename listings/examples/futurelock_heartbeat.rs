//! A lock that was let go, and that nobody gets.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use listings::proof::watchdog;
use tokio::runtime::Builder;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::sleep;

// ANCHOR: program
type Connection = Vec<&'static str>;

async fn upload(connection: &Mutex<Connection>) {
    connection.lock().await.push("file");
}

async fn client(connection: Arc<Mutex<Connection>>) {
    let mut upload = pin!(upload(&connection));
    loop {
        tokio::select! {
            () = &mut upload => break println!("client: uploaded"),
            () = sleep(Duration::from_secs(1)) => {
                println!("client: a heartbeat is due");
                connection.lock().await.push("heartbeat");
            }
        }
    }
}

async fn backup(guard: OwnedMutexGuard<Connection>) {
    sleep(Duration::from_millis(1500)).await;
    println!("backup: lets the lock go");
    drop(guard);
}
// ANCHOR_END: program

// ANCHOR: main
async fn both() {
    let connection = Arc::new(Mutex::new(Connection::new()));
    let guard = connection.clone().lock_owned().await;
    let backup = tokio::spawn(backup(guard));
    let client = tokio::spawn(client(connection.clone()));
    backup.await.expect("it does not panic");
    sleep(Duration::from_secs(3600)).await;
    let free = connection.try_lock().is_ok();
    println!("an hour later: the lock is free: {free}");
    client.await.expect("it does not panic");
}
// ANCHOR_END: main

fn main() {
    // The clock is Tokio's and paused: an hour passes at once.
    let run = || {
        let mut builder = Builder::new_current_thread();
        let runtime = builder.enable_time().start_paused(true).build();
        runtime.expect("a runtime").block_on(both());
    };
    match watchdog(Duration::from_secs(1), run) {
        Ok(()) => println!("done"),
        Err(hung) => println!("the client: {hung}"),
    }
}
