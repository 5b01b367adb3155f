use listings::pinning::dyn_and_recursion::each::for_each;

fn start(text: &'static str, job: impl AsyncFnMut(&str) + Send + 'static) {
    tokio::spawn(for_each(text, job));
}

fn keep(_job: Box<dyn AsyncFnMut(&str)>) {}

fn main() {}
