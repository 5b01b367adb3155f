//! Two priorities in Tokio: two channels, and a `select!` that is biased.

use tokio::sync::mpsc;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (urgent, mut urgent_jobs) = mpsc::channel(8);
    let (normal, mut normal_jobs) = mpsc::channel(8);
    let worker = tokio::spawn(async move {
        loop {
            // Biased: the branches are polled from top to bottom.
            tokio::select! {
                biased;
                Some(job) = urgent_jobs.recv() => println!("urgent: {job}"),
                Some(job) = normal_jobs.recv() => println!("normal: {job}"),
                else => break,
            }
        }
    });
    for (sender, job) in [
        (&normal, "report"),
        (&normal, "backup"),
        (&urgent, "alarm"),
        (&normal, "mail"),
        (&urgent, "door"),
    ] {
        sender.send(job).await.expect("the worker receives");
    }
    drop((urgent, normal));
    worker.await.expect("the worker does not panic");
}
