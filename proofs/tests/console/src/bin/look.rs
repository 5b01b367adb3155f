//! What tokio-console would show of a program, without what differs from run
//! to run: no times, no ids, no paths.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::path::Path;
use std::time::Duration;

use console_api::async_ops::AsyncOp;
use console_api::instrument::instrument_client::InstrumentClient;
use console_api::instrument::{InstrumentRequest, Update};
use console_api::resources::Resource;
use console_api::tasks::{Stats, Task};
use console_api::{Field, Id, Metadata, field};
use console_api::{async_ops, resources};
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::var("TOKIO_CONSOLE_BIND");
    let address = address.unwrap_or("127.0.0.1:6669".to_string());
    let mut client = loop {
        match InstrumentClient::connect(format!("http://{address}")).await {
            Ok(client) => break client,
            // The program has only just begun.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    };
    let updates = client.watch_updates(InstrumentRequest {}).await?;
    let mut updates = updates.into_inner();
    let mut seen = Seen::default();
    // The first update has all, and the next ones what has changed.
    while let Some(update) = updates.message().await? {
        if !seen.add(update)? {
            break;
        }
    }
    print!("{}", seen.facts());
    Ok(())
}

/// What the program has told, by the ids that it gave.
#[derive(Default)]
struct Seen {
    metadata: BTreeMap<u64, Metadata>,
    tasks: BTreeMap<u64, (Task, Stats)>,
    resources: BTreeMap<u64, (Resource, resources::Stats)>,
    operations: BTreeMap<u64, (AsyncOp, async_ops::Stats)>,
}

impl Seen {
    /// Whether the update has something new of a task.
    fn add(&mut self, update: Update) -> Result<bool, &'static str> {
        let metadata = update.new_metadata.unwrap_or_default().metadata;
        let metadata = metadata.into_iter();
        self.metadata.extend(metadata.filter_map(|new| {
            let id = new.id?.id;
            Some((id, new.metadata?))
        }));
        let tasks = update.task_update.unwrap_or_default();
        let resources = update.resource_update.unwrap_or_default();
        let operations = update.async_op_update.unwrap_or_default();
        if tasks.dropped_events > 0 {
            return Err("events were lost, so the facts may be wrong");
        }
        let news = !tasks.stats_update.is_empty();
        let id = |task: &Task| task.id;
        join(&mut self.tasks, tasks.new_tasks, id, tasks.stats_update);
        join(
            &mut self.resources,
            resources.new_resources,
            |it| it.id,
            resources.stats_update,
        );
        join(
            &mut self.operations,
            operations.new_async_ops,
            |it| it.id,
            operations.stats_update,
        );
        Ok(news)
    }

    fn facts(&self) -> String {
        let mut tasks: Vec<_> = self.tasks.iter().collect();
        tasks.sort_by_key(|(_, (task, _))| self.number(task));
        let facts = tasks.iter().map(|(id, (task, stats))| {
            let name = self.field(task, "task.name").unwrap_or_default();
            let wakers = stats.waker_clones - stats.waker_drops;
            let polls = stats.poll_stats.map_or(0, |it| it.polls);
            let state = state(stats);
            let Stats { wakes, self_wakes, .. } = stats;
            let waits = self.waits(**id);
            format!(
                "{name}: {state}, polls: {polls}, wakes: {wakes} (by itself: \
                 {self_wakes}), wakers: {wakers}\n{waits}"
            )
        });
        facts.collect()
    }

    /// What a task waits for: an operation, and the thing that it is of.
    fn waits(&self, task: u64) -> String {
        let ours = |stats: &async_ops::Stats| {
            stats.task_id.is_some_and(|it| it.id == task)
                && stats.dropped_at.is_none()
        };
        let all = self.operations.values();
        let waits =
            all.filter(|(_, stats)| ours(stats)).filter_map(|(it, _)| {
                let (of, stats) = self.resources.get(&it.resource_id?.id)?;
                let of = (!of.is_internal).then(|| described(of, stats))?;
                Some(format!("  in {}: {of}\n", it.source))
            });
        waits.collect()
    }

    /// The place of a task in the order in which they were spawned.
    fn number(&self, task: &Task) -> u64 {
        let number = self.field(task, "task.id");
        number.and_then(|it| it.parse().ok()).unwrap_or_default()
    }

    fn field(&self, task: &Task, name: &str) -> Option<String> {
        let names = &self.metadata.get(&task.metadata?.id)?.field_names;
        let is_it = |field: &&Field| match &field.name {
            Some(field::Name::StrName(it)) => it == name,
            Some(field::Name::NameIdx(at)) => usize::try_from(*at)
                .is_ok_and(|at| names.get(at).is_some_and(|it| it == name)),
            None => false,
        };
        let field = task.fields.iter().find(is_it)?;
        Some(field.value.as_ref()?.to_string())
    }
}

/// Adds what is new, and puts the numbers that have changed in their places.
fn join<T, S>(
    all: &mut BTreeMap<u64, (T, S)>,
    new: Vec<T>,
    id: impl Fn(&T) -> Option<Id>,
    mut stats: std::collections::HashMap<u64, S>,
) {
    for it in new {
        let id = id(&it).unwrap_or_default().id;
        if let Some(stats) = stats.remove(&id) {
            all.insert(id, (it, stats));
        }
    }
    for (id, stats) in stats {
        if let Some((_, old)) = all.get_mut(&id) {
            *old = stats;
        }
    }
}

/// As tokio-console tells them apart.
fn state(stats: &Stats) -> &'static str {
    let polls = stats.poll_stats.unwrap_or_default();
    let started = polls.last_poll_started.map(|it| (it.seconds, it.nanos));
    let ended = polls.last_poll_ended.map(|it| (it.seconds, it.nanos));
    let woken = stats.last_wake.map(|it| (it.seconds, it.nanos));
    if stats.dropped_at.is_some() {
        "ended"
    } else if started > ended {
        "running"
    } else if woken > started {
        "scheduled"
    } else {
        "idle"
    }
}

/// A thing that tasks wait for, with its attributes and the file that made it.
fn described(it: &Resource, stats: &resources::Stats) -> String {
    let fields = stats.attributes.iter().filter_map(|it| it.field.as_ref());
    let fields = Vec::from_iter(fields.map(|field| field.to_string()));
    let place = it.location.as_ref().and_then(|it| it.file.as_deref());
    let file = place.and_then(|it| Path::new(it).file_name()?.to_str());
    format!(
        "{}({}), made in {}",
        it.concrete_type,
        fields.join(", "),
        file.unwrap_or("?")
    )
}
