//! Bevy without a window: a task of the AsyncComputeTaskPool loads a level,
//! while the app draws frames.

use bevy_app::{App, Startup, TaskPoolPlugin, Update};
use bevy_ecs::prelude::{Commands, IntoScheduleConfigs, ResMut, Resource};
use bevy_ecs::schedule::common_conditions::resource_exists;
use bevy_tasks::futures::check_ready;
use bevy_tasks::{AsyncComputeTaskPool, Task};
use tokio::sync::oneshot;

/// The answer of a server, which setup awaits.
#[derive(Resource)]
struct Server(Option<oneshot::Receiver<&'static str>>);

// ANCHOR: systems
/// There while the level is loading.
#[derive(Resource)]
struct Loading(Task<&'static str>);

#[derive(Resource)]
struct Level(&'static str);

/// Runs once. It spawns the task and returns.
fn start(mut commands: Commands, mut server: ResMut<Server>) {
    let Some(answer) = server.0.take() else { return };
    let task = AsyncComputeTaskPool::get()
        .spawn(async move { answer.await.unwrap_or("no answer") });
    commands.insert_resource(Loading(task));
}

/// Runs in each frame while the level is loading. It never waits.
fn finish(mut commands: Commands, mut loading: ResMut<Loading>) {
    if let Some(name) = check_ready(&mut loading.0) {
        commands.remove_resource::<Loading>();
        commands.insert_resource(Level(name));
    }
}
// ANCHOR_END: systems

// ANCHOR: main
fn main() {
    let (answer, asked) = oneshot::channel();
    let mut app = App::new();
    app.add_plugins(TaskPoolPlugin::default())
        .insert_resource(Server(Some(asked)))
        .add_systems(Startup, start)
        .add_systems(Update, finish.run_if(resource_exists::<Loading>));

    for frame in 1..=3 {
        app.update();
        let loading = app.world().contains_resource::<Loading>();
        println!("frame {frame}: loading? {loading}");
    }
    println!("the server answers");
    let _ = answer.send("a level");
    loop {
        // A later frame finds the result.
        app.update();
        if let Some(level) = app.world().get_resource::<Level>() {
            println!("loaded: {}", level.0);
            return;
        }
    }
}
// ANCHOR_END: main
