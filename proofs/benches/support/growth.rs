//! What one task costs when there are many of them.

use std::time::Duration;

use super::measure::{of_all_threads, record};
use super::parallel::median;
use super::pools::{self, Spawn, Workers};
use super::runtimes::{Ours, Pool, Runtime, Smol, Tokio, Yields};
use super::table::Run;

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const ROUNDS: usize = 3;
/// How many tasks a sample has at least, one crowd after the other.
const SAMPLE: usize = 100_000;

/// So many tasks are there at once; each yields once.
fn one_thread<R: Runtime + 'static>() -> Run {
    let runtime = R::new();
    Box::new(move |tasks| {
        runtime.run(async {
            let task = |_| runtime.spawn(Yields(1));
            let handles: Vec<_> = (0..tasks).map(task).collect();
            for handle in handles {
                handle.await;
            }
        });
    })
}

fn two_workers<R: Workers>() -> Run {
    let runtime = R::new(2);
    Box::new(move |tasks| {
        let spawner = runtime.spawner();
        let inner = spawner.clone();
        runtime.run(spawner.start(async move {
            let task = |_| inner.start(Yields(1));
            let handles: Vec<_> = (0..tasks).map(task).collect();
            for handle in handles {
                handle.await;
            }
        }));
    })
}

/// Measures it.
pub fn measure() {
    let columns: [(&str, Run); 6] = [
        ("tokio", one_thread::<Tokio>()),
        ("ours", one_thread::<Ours>()),
        ("futures", one_thread::<Pool>()),
        ("smol", one_thread::<Smol>()),
        ("tokio-2", two_workers::<pools::Tokio>()),
        ("ours-2", two_workers::<pools::Ours>()),
    ];
    let mut text = format!("{:24}", "");
    for (name, _) in &columns {
        text += &format!("{name:>9}");
    }
    let mut unit = None;
    for size in SIZES {
        text += &format!("\n{:24}", format!("{size} tasks"));
        let mut samples = vec![Vec::new(); columns.len()];
        for _ in 0..ROUNDS {
            for ((_, run), of) in columns.iter().zip(&mut samples) {
                let crowds = (SAMPLE / size).max(1);
                let start = of_all_threads();
                (0..crowds).for_each(|_| run(size));
                of.push((of_all_threads() - start) / crowds as u32);
            }
        }
        for times in samples {
            let time: Duration = median(times);
            let each = time.as_secs_f64() / size as f64;
            let unit = *unit.get_or_insert(each);
            text += &format!("{:>9.2}", each / unit);
        }
    }
    let how = format!(
        "Processor time of one task that is spawned, yields once and is \
         awaited.\nThat of tokio with 1000 tasks = 1. Medians of {ROUNDS} \
         runs in turn; -2: two workers."
    );
    record("growth", &text, &how, &["tokio", "futures", "smol"]);
}
