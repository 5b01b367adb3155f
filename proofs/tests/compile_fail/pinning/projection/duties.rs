use pin_project_lite::pin_project;

pin_project! {
    struct Timed<F> {
        #[pin]
        future: F,
        polls: u32,
    }
}

impl<F> Unpin for Timed<F> {}

impl<F> Drop for Timed<F> {
    fn drop(&mut self) {}
}

fn main() {}
