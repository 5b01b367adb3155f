//! Counts the bytes of a folder with folders in it.

use listings::pinning::dyn_and_recursion::walk::{Entry, folder};

#[tokio::main]
async fn main() {
    let src = Entry::Folder(vec![Entry::File(300), Entry::File(50)]);
    let all = vec![src, Entry::File(7)];
    println!("{} bytes", folder(all).await);
}
