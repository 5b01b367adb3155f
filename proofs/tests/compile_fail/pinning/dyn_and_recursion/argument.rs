use std::rc::Rc;

async fn double(number: Rc<u32>) -> u32 {
    2 * *number
}

fn main() {
    tokio::spawn(double(Rc::new(7)));
}
