fn keep(_job: Box<dyn AsyncFnMut(&str)>) {}

fn main() {}
