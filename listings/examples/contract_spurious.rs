//! A countdown in the same task brings polls that the gate did not ask for.

use listings::futures::poll::countdown::countdown;
use listings::wakers::contract::own_slot::Gate;
use listings::wakers::contract::trusting::trusting;

// ANCHOR: program
async fn pass(gate: &Gate, wait: impl Future<Output = ()>) {
    let walker = async {
        wait.await;
        println!("through; the gate is open: {}", gate.is_open());
    };
    let keeper = async {
        countdown(1).await;
        println!("opening");
        gate.open();
    };
    futures::join!(walker, keeper);
}

fn main() {
    println!("trusting:");
    let gate = Gate::default();
    pollster::block_on(pass(&gate, trusting(&gate)));

    println!("own_slot:");
    let gate = Gate::default();
    pollster::block_on(pass(&gate, gate.wait()));
}
// ANCHOR_END: program
