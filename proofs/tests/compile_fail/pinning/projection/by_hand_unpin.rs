use listings::pinning::projection::by_hand::timed;

async fn seven() -> u32 {
    7
}

fn may_move<T: Unpin>(_: &T) {}

fn main() {
    may_move(&timed(seven()));
}
