//! Too many open files: an accept loop that spins, and one that pauses.

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io;
    use std::net;
    use std::os::fd::AsRawFd;
    use std::rc::Rc;

    use listings::runtimes::executor::yield_now::yield_now;
    use listings::runtimes::reactor::{Runtime, TcpListener, TcpStream};
    use listings::wakers::notify::line::Notify;
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// From now on this process may open `more` descriptors, and no more.
    fn limit_to(more: u64) -> io::Result<()> {
        let next = File::open("/dev/null")?.as_raw_fd() as u64;
        let maximum = getrlimit(Resource::Nofile).maximum;
        let limit = Rlimit { current: Some(next + more), maximum };
        Ok(setrlimit(Resource::Nofile, limit)?)
    }

    // ANCHOR: spins
    /// Accepts until an error has come `patience` times. Returns the last.
    async fn spins(
        listener: &TcpListener,
        taken: &mut Vec<TcpStream>,
        patience: u32,
    ) -> io::Error {
        let mut errors = 0;
        loop {
            match listener.accept().await {
                Ok((stream, _)) => taken.push(stream),
                Err(error) if errors == patience => return error,
                Err(_) => errors += 1,
            }
        }
    }
    // ANCHOR_END: spins

    // ANCHOR: pauses
    /// Accepts `count` connections. When there is no descriptor for one, it
    /// waits until a task says that it has closed its own.
    async fn pauses(
        listener: &TcpListener,
        count: u32,
        closed: &Notify,
        serve: impl Fn(TcpStream),
    ) -> u32 {
        let (mut accepted, mut errors) = (0, 0);
        while accepted < count {
            match listener.accept().await {
                Ok((stream, _)) => {
                    serve(stream);
                    accepted += 1;
                }
                Err(_) => {
                    errors += 1;
                    closed.notified().await;
                }
            }
        }
        errors
    }
    // ANCHOR_END: pauses

    pub fn main() -> io::Result<()> {
        let runtime = Runtime::new()?;
        let listener = TcpListener::bind("127.0.0.1:0", runtime.reactor())?;
        let address = listener.local_addr()?;
        let connect = |_| net::TcpStream::connect(address);
        let _clients = (0..6).map(connect).collect::<io::Result<Vec<_>>>()?;
        limit_to(2)?;

        let mut taken = Vec::new();
        let error = runtime.block_on(spins(&listener, &mut taken, 1000));
        println!("accepted: {}, then: {error}", taken.len());
        println!("the same error 1,000 times, without a pause");

        drop(taken);
        let closed = Rc::new(Notify::default());
        let serve = |stream: TcpStream| {
            let closed = closed.clone();
            drop(runtime.spawn(async move {
                yield_now().await; // Here it would serve.
                drop(stream);
                closed.notify_one();
            }));
        };
        let paused = pauses(&listener, 4, &closed, serve);
        let errors = runtime.block_on(paused);
        println!("with a pause: 4 served, errors: {errors}");
        Ok(())
    }
}

#[cfg(unix)]
fn main() -> std::io::Result<()> {
    unix::main()
}

#[cfg(not(unix))]
fn main() {}
