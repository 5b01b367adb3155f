fn run_all<F: Future>(_jobs: Vec<F>) {}

fn tonight(jobs: Vec<Box<dyn Future<Output = &'static str>>>) {
    run_all(jobs);
}

fn main() {}
