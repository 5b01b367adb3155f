use std::pin::Pin;
use std::task::{Context, Poll};

struct Timed<F> {
    future: F,
    polls: u32,
}

impl<F: Future> Future for Timed<F> {
    type Output = F::Output;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<F::Output> {
        self.polls += 1;
        Pin::new(&mut self.future).poll(cx)
    }
}

fn main() {}
