//! What runs tasks: our two executors, our pool of threads, both runtimes of
//! Tokio and the `LocalPool` of futures, under the same names.

/// How a task ended without a value.
#[derive(Debug, PartialEq)]
pub enum End {
    Cancelled,
    /// With the text of the panic, or nothing where it had no text.
    Panic(String),
}

macro_rules! ours {
    ($name:ident, $new:expr, $executor:ty, $spawner:ty, $handle:ty, ($($free:ident)?), ($($stall:ident)?)) => {
        pub mod $name {
            use std::pin::Pin;
            use std::task::{Context, Poll};

            use listings::runtimes::executor::JoinError;

            use super::End;

            pub struct Executor($executor);

            impl Executor {
                pub fn new() -> Executor {
                    Executor($new)
                }

                pub fn spawner(&self) -> Spawner {
                    Spawner(self.0.spawner())
                }

                pub fn run<F: Future>(&mut self, future: F) -> F::Output {
                    self.0.run(future)
                }
                $(
                    /// Runs tasks until none is woken.
                    pub fn $stall(&mut self) {
                        self.0.run_until_stalled();
                    }
                )?
            }

            #[derive(Clone)]
            pub struct Spawner($spawner);

            impl Spawner {
                pub fn spawn<F>(&self, future: F) -> Handle<F::Output>
                where
                    F: Future $(+ $free)? + 'static,
                    F::Output: 'static $(+ $free)?,
                {
                    Handle(self.0.spawn(future))
                }

                /// Makes a task that nobody waits for.
                pub fn add<F>(&self, future: F)
                where
                    F: Future<Output = ()> $(+ $free)? + 'static,
                {
                    drop(self.0.spawn(future));
                }
            }

            pub struct Handle<T>($handle);

            impl<T> Handle<T> {
                pub fn abort(&self) {
                    self.0.abort();
                }
            }

            impl<T> Future for Handle<T> {
                type Output = Result<T, End>;

                fn poll(
                    mut self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                ) -> Poll<Result<T, End>> {
                    let end = Pin::new(&mut self.0).poll(cx);
                    end.map_err(|why| match why {
                        JoinError::Cancelled => End::Cancelled,
                        JoinError::Panic(text) => End::Panic(text),
                    })
                }
            }
        }
    };
}

ours!(
    ours,
    listings::runtimes::executor::Executor::default(),
    listings::runtimes::executor::Executor,
    listings::runtimes::executor::Spawner,
    listings::runtimes::executor::JoinHandle<T>,
    (),
    (stall)
);

ours!(
    our_fast,
    listings::runtimes::fast_executor::slots::Executor::new(),
    listings::runtimes::fast_executor::slots::Executor,
    listings::runtimes::fast_executor::slots::Spawner,
    listings::runtimes::fast_executor::join::JoinHandle<T>,
    (),
    (stall)
);

ours!(
    our_pool,
    listings::runtimes::threads::Pool::new(2),
    listings::runtimes::threads::Pool,
    listings::runtimes::threads::Spawner,
    listings::runtimes::threads::JoinHandle<T>,
    (Send),
    ()
);

macro_rules! of_tokio {
    ($name:ident, $builder:expr) => {
        pub mod $name {
            use std::pin::Pin;
            use std::task::{Context, Poll};

            use tokio::runtime::{self, Builder, Runtime};
            use tokio::task;

            use super::End;

            pub struct Executor(Runtime);

            impl Executor {
                pub fn new() -> Executor {
                    let builder: fn() -> Builder = $builder;
                    Executor(builder().build().unwrap())
                }

                pub fn spawner(&self) -> Spawner {
                    Spawner(self.0.handle().clone())
                }

                pub fn run<F: Future>(&mut self, future: F) -> F::Output {
                    self.0.block_on(future)
                }
            }

            #[derive(Clone)]
            pub struct Spawner(runtime::Handle);

            impl Spawner {
                pub fn spawn<F>(&self, future: F) -> Handle<F::Output>
                where
                    F: Future + Send + 'static,
                    F::Output: Send + 'static,
                {
                    Handle(self.0.spawn(future))
                }

                /// Makes a task that nobody waits for.
                pub fn add<F>(&self, future: F)
                where
                    F: Future<Output = ()> + Send + 'static,
                {
                    drop(self.0.spawn(future));
                }
            }

            pub struct Handle<T>(task::JoinHandle<T>);

            impl<T> Handle<T> {
                pub fn abort(&self) {
                    self.0.abort();
                }
            }

            impl<T> Future for Handle<T> {
                type Output = Result<T, End>;

                fn poll(
                    mut self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                ) -> Poll<Result<T, End>> {
                    let end = Pin::new(&mut self.0).poll(cx);
                    end.map_err(|why| match why.try_into_panic() {
                        Ok(payload) => End::Panic(super::text(&*payload)),
                        Err(_) => End::Cancelled,
                    })
                }
            }
        }
    };
}

of_tokio!(of_tokio, Builder::new_current_thread);

of_tokio!(of_tokio_threads, || {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2);
    builder
});

fn text(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| text.to_string());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_default()
}

pub mod of_futures {
    use futures::executor::{LocalPool, LocalSpawner};
    use futures::task::LocalSpawnExt;

    pub struct Executor(LocalPool);

    impl Executor {
        pub fn new() -> Executor {
            Executor(LocalPool::new())
        }

        pub fn spawner(&self) -> Spawner {
            Spawner(self.0.spawner())
        }

        pub fn run<F: Future>(&mut self, future: F) -> F::Output {
            self.0.run_until(future)
        }

        /// Runs tasks until none is woken.
        pub fn stall(&mut self) {
            self.0.run_until_stalled();
        }
    }

    #[derive(Clone)]
    pub struct Spawner(LocalSpawner);

    impl Spawner {
        /// Makes a task that nobody waits for.
        pub fn add(&self, future: impl Future<Output = ()> + 'static) {
            self.0.spawn_local(future).unwrap();
        }
    }
}
