//! A session whose `drop` spawns a task that says goodbye.

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::runtime::{Builder, Handle};

// ANCHOR: session
struct Session {
    /// `None` only while it is dropped.
    stream: Option<DuplexStream>,
}

impl Drop for Session {
    fn drop(&mut self) {
        // The task outlives this borrow, so it must own the stream.
        let Some(mut stream) = self.stream.take() else { return };
        let Ok(runtime) = Handle::try_current() else {
            println!("  no runtime here to say goodbye");
            return;
        };
        // Nobody is left who could be told of an error.
        drop(runtime.spawn(async move { stream.write_all(b"goodbye").await }));
    }
}
// ANCHOR_END: session

fn main() {
    let runtime = || Builder::new_current_thread().build().expect("it starts");
    let session = || {
        let (stream, server) = duplex(64);
        (Session { stream: Some(stream) }, server)
    };

    println!("the runtime goes on:");
    let heard = runtime().block_on(async {
        let (session, server) = session();
        drop(session);
        hears(server).await
    });
    println!("  the server heard {heard:?}");

    println!("the runtime ends:");
    let server = runtime().block_on(async {
        let (session, server) = session();
        drop(session);
        server
    });
    let heard = runtime().block_on(hears(server));
    println!("  the server heard {heard:?}");

    println!("outside of a runtime:");
    let (session, server) = session();
    drop(session);
    let heard = runtime().block_on(hears(server));
    println!("  the server heard {heard:?}");
}

async fn hears(mut server: DuplexStream) -> String {
    let mut heard = String::new();
    let read = server.read_to_string(&mut heard).await;
    read.expect("it is text");
    heard
}
