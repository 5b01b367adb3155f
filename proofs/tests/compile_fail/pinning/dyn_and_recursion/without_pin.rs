fn is_future<F: Future>(_: F) {}

fn without_pin(job: Box<dyn Future<Output = String>>) {
    is_future(job);
}

fn main() {}
