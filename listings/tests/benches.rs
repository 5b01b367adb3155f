//! What the benchmarks are made of does what it should.

#[path = "../benches/support/mod.rs"]
mod support;

use std::time::Duration;

use futures::executor::block_on;
use futures::future::join;
use listings::proof::watchdog;
use support::channels::channel;
use support::workloads::{RUNTIMES, WORKLOADS, find};

#[test]
fn every_workload_fits_the_tables_and_has_whole_rounds() {
    for workload in WORKLOADS {
        assert!(workload.title.len() <= 24, "{}", workload.title);
        assert_eq!(workload.operations % 1000, 0, "{}", workload.name);
        assert!(workload.aim < 1.0, "{}", workload.name);
    }
}

#[test]
fn every_workload_ends_on_every_runtime() {
    for workload in WORKLOADS {
        for runtime in RUNTIMES {
            let work = move || match find(workload.name, runtime) {
                Some(run) => {
                    (0..2).for_each(|_| run(2000));
                    true
                }
                None => false,
            };
            let ran = watchdog(Duration::from_secs(60), work);
            let (ran, what) = (ran, format!("{} on {runtime}", workload.name));
            let talks = ["ping-pong", "channel"].contains(&workload.name);
            assert_eq!(ran, Ok(!(talks && runtime == "naive")), "{what}");
        }
    }
}

#[test]
fn a_channel_keeps_the_order_and_the_sender_waits() {
    let (mut sender, mut receiver) = channel(2);
    let sending = async {
        for value in 0..10 {
            sender.send(value).await.unwrap();
        }
        drop(sender);
    };
    let receiving = async {
        let mut got = Vec::new();
        while let Some(value) = receiver.recv().await {
            got.push(value);
        }
        got
    };
    let (_, got) = block_on(join(sending, receiving));
    assert_eq!(got, (0..10).collect::<Vec<_>>());
}

#[test]
fn a_channel_without_a_receiver_gives_the_value_back() {
    let (mut sender, receiver) = channel(1);
    block_on(async {
        assert_eq!(sender.send(1).await, Ok(()));
        let dropped = async { drop(receiver) };
        assert_eq!(join(sender.send(2), dropped).await.0, Err(2));
    });
}

#[test]
fn a_channel_works_between_threads() {
    let (mut sender, mut receiver) = channel(3);
    let thread = std::thread::spawn(move || {
        block_on(async {
            for value in 0..10_000_u64 {
                sender.send(value).await.unwrap();
            }
        });
    });
    let sum = watchdog(Duration::from_secs(60), move || {
        block_on(async {
            let mut sum = 0;
            while let Some(value) = receiver.recv().await {
                sum += value;
            }
            sum
        })
    });
    assert_eq!(sum, Ok(49_995_000));
    thread.join().unwrap();
}
