use listings::pinning::dyn_and_recursion::walk::Entry;

async fn entry(entry: Entry) -> u64 {
    match entry {
        Entry::File(bytes) => bytes,
        Entry::Folder(entries) => folder(entries).await,
    }
}

async fn folder(entries: Vec<Entry>) -> u64 {
    let tasks = entries.into_iter().map(|e| tokio::spawn(entry(e)));
    let tasks: Vec<_> = tasks.collect();
    let mut bytes = 0;
    for task in tasks {
        bytes += task.await.expect("no entry panics or is aborted");
    }
    bytes
}

fn main() {}
