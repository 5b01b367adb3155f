use listings::pinning::async_closures::each::for_each;

fn all() -> impl Future {
    for_each("Ada\nGrace", |line| async move { println!("{line}") })
}

fn main() {}
