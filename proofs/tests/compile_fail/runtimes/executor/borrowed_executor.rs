use listings::runtimes::executor::keys::Executor;

async fn takes_orders(executor: &Executor) {
    executor.add(async { println!("order 1 is served") });
}

fn main() {
    let executor = Executor::default();
    executor.add(takes_orders(&executor));
    executor.run_until_stalled();
}
