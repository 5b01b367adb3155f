fn without_box(_job: dyn Future<Output = String>) {}

fn main() {}
