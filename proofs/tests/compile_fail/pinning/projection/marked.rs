use listings::pinning::projection::timed::timed;

async fn seven() -> u32 {
    7
}

fn may_move<T: Unpin>(_: &T) {}

fn main() {
    may_move(&timed(seven()));
}
