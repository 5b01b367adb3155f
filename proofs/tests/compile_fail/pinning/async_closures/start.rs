use listings::pinning::async_closures::each::for_each;

fn start(text: &'static str, job: impl AsyncFnMut(&str) + Send + 'static) {
    tokio::spawn(for_each(text, job));
}

fn main() {}
