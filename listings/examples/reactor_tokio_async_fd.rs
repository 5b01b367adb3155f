//! Tokio's reactor watches a descriptor that is not one of Tokio's types.

#[cfg(unix)]
// ANCHOR: program
#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;
    use tokio::io::unix::AsyncFd;

    let (here, mut there) = UnixStream::pair()?;
    here.set_nonblocking(true)?;
    // SAFETY: a `UnixStream` of std owns its descriptor and keeps it.
    let here = unsafe { AsyncFd::register(here)? };
    let read = async {
        let mut buffer = [0; 64];
        loop {
            let mut guard = here.readable().await?;
            // `WouldBlock` clears the readiness, and the loop waits again.
            match guard.try_io(|it| it.get_ref().read(&mut buffer)) {
                Ok(result) => return result,
                Err(_would_block) => continue,
            }
        }
    };
    let write = async { there.write_all(b"hello") };
    let (bytes, ()) = tokio::try_join!(read, write)?;
    println!("{bytes} bytes");
    Ok(())
}
// ANCHOR_END: program

#[cfg(not(unix))]
fn main() {}
