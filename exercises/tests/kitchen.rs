include!(concat!(env!("OUT_DIR"), "/kitchen.rs"));

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use exercises::dump::{Watch, Watched};
use exercises::tool::{Tool, work};
use exercises::{Task, block_on, differs, watched, why};
use kitchen::{BadEggs, Kitchen, cake, chicken};

const PAGE: &str = "runtimes/hangs.html";
const HANGS: &str = "A poll does not come back.";

type Dish<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// The dishes of one test.
struct Dishes<'a> {
    watch: Watch,
    dishes: Vec<(Arc<Task>, u32, Watched<Dish<'a>>)>,
}

impl<'a> Dishes<'a> {
    fn new() -> Dishes<'a> {
        // The clock stands still: how long a dish waits is nothing to judge.
        let now = Instant::now();
        Dishes { watch: Watch::new(move || now), dishes: Vec::new() }
    }

    fn add(&mut self, name: &str, dish: impl Future<Output = ()> + 'a) {
        let dish: Dish = Box::pin(dish);
        self.dishes.push((Task::new(), 0, self.watch.task(name, dish)));
    }

    fn cake(&mut self, kitchen: &'a Kitchen) {
        let eggs = async {
            work().await;
            true
        };
        self.add("cake", async {
            assert_eq!(cake(kitchen, eggs).await, Ok(()), "the eggs are good");
        });
    }

    fn chicken(&mut self, kitchen: &'a Kitchen) {
        self.add("chicken", chicken(kitchen));
    }

    /// Polls each dish once, and then those that are woken, until none is.
    /// Returns the dump.
    fn run(&mut self) -> String {
        let mut first = true;
        loop {
            let mut polled = false;
            self.dishes.retain_mut(|(task, wakes, dish)| {
                if !first && task.wakes() == *wakes {
                    return true;
                }
                (polled, *wakes) = (true, task.wakes());
                task.poll(dish).is_pending()
            });
            first = false;
            if !polled {
                return self.watch.to_string();
            }
        }
    }
}

/// What is said with a dump.
fn with(dump: &str, rule: &str) -> String {
    let dump = dump.trim_end().replace('\n', "\n  ");
    format!("{}\n  The dump:\n\n  {dump}\n", why(PAGE, rule))
}

#[test]
fn the_dump_names_the_tool_that_a_dish_waits_for() {
    watched(PAGE, HANGS, || {
        for oven in [true, false] {
            let kitchen = Kitchen::default();
            let tool = if oven { &kitchen.oven } else { &kitchen.mixer };
            block_on(tool.take());
            for is_cake in [true, false] {
                let mut dishes = Dishes::new();
                match is_cake {
                    true => dishes.cake(&kitchen),
                    false => dishes.chicken(&kitchen),
                }
                let dump = dishes.run();
                let name = if oven { "the oven" } else { "the mixer" };
                let rule = format!(
                    "Somebody else has {name}, and this dish waits. The dump \
                     must name what it waits for: wrap this `take` in \
                     `wait_for(\"{name}\", …)`."
                );
                let named = dump.contains(&format!("for {name}"));
                assert!(named, "{}", with(&dump, &rule));
            }
        }
    });
}

#[test]
fn no_order_of_the_dishes_hangs() {
    watched(PAGE, HANGS, || {
        for order in ["ac", "ca", "aca", "cac", "aacc", "ccaa"] {
            let kitchen = Kitchen::default();
            let mut dishes = Dishes::new();
            for dish in order.chars() {
                match dish {
                    'a' => dishes.cake(&kitchen),
                    _ => dishes.chicken(&kitchen),
                }
            }
            let dump = dishes.run();
            let rule = match dump.contains("for the") {
                true => {
                    "The dishes hang. One has a tool that another waits for, \
                     and waits for the tool that the other has. Let both take \
                     their tools in one order, or give one tool back before \
                     the wait for the next."
                }
                false => {
                    "The dishes hang, and the dump does not say what they wait \
                     for. Wrap each `take` in `wait_for`, and look again."
                }
            };
            assert!(dump.is_empty(), "{}", with(&dump, rule));
            let takes = (kitchen.mixer.takes(), kitchen.oven.takes());
            let rule = "Each dish needs the mixer once, and the oven once.";
            let dishes = order.len() as u32;
            assert_eq!(takes, (dishes, dishes), "{}", differs(PAGE, rule));
            are_free(&kitchen, "All dishes are ready.");
        }
    });
}

/// Fails when a tool is not free.
fn are_free(kitchen: &Kitchen, end: &str) {
    let is_free = |name: &str, tool: &Tool| {
        let rule = format!(
            "{end} But {name} did not go back. The next dish waits for it, and \
             no dish in the dump has it. Give it back in a destructor: it runs \
             on every way out."
        );
        assert!(tool.is_free(), "{}", why(PAGE, &rule));
    };
    is_free("the mixer", &kitchen.mixer);
    is_free("the oven", &kitchen.oven);
}

#[test]
fn a_cake_with_bad_eggs_gives_its_tools_back() {
    watched(PAGE, HANGS, || {
        let kitchen = Kitchen::default();
        let end = block_on(cake(&kitchen, ready(false)));
        let rule = "Bad eggs are an error.";
        assert_eq!(end, Err(BadEggs), "{}", differs(PAGE, rule));
        are_free(&kitchen, "The eggs were bad.");
    });
}

/// Fails when a dish is being made and no tool is in use.
fn keep_tools() {
    for is_cake in [true, false] {
        let kitchen = Kitchen::default();
        let mut dish: Dish = match is_cake {
            true => Box::pin(async {
                drop(cake(&kitchen, ready(true)).await);
            }),
            false => Box::pin(chicken(&kitchen)),
        };
        let task = Task::new();
        while task.poll(&mut dish).is_pending() {
            let name = if is_cake { "cake" } else { "chicken" };
            let rule = format!(
                "The {name} is being made, and no tool is in use: the next \
                 dish could take both. `let _ = …` drops a guard at once. \
                 Give it a name, such as `_oven`."
            );
            let free = kitchen.mixer.is_free() && kitchen.oven.is_free();
            assert!(!free, "{}", why(PAGE, &rule));
        }
    }
}

#[test]
fn a_dish_that_is_dropped_gives_its_tools_back() {
    watched(PAGE, HANGS, || {
        // What is given back was kept until then.
        keep_tools();
        for is_cake in [true, false] {
            for polls in 1..5 {
                let kitchen = Kitchen::default();
                let mut dish: Dish = match is_cake {
                    true => Box::pin(async {
                        let eggs = async {
                            work().await;
                            true
                        };
                        drop(cake(&kitchen, eggs).await);
                    }),
                    false => Box::pin(chicken(&kitchen)),
                };
                let task = Task::new();
                let is_ready =
                    (0..polls).any(|_| task.poll(&mut dish) == Poll::Ready(()));
                drop(dish);
                let name = if is_cake { "cake" } else { "chicken" };
                let end = match is_ready {
                    true => format!("The {name} is ready."),
                    false => format!(
                        "The {name} was dropped, polls until then: {polls}."
                    ),
                };
                are_free(&kitchen, &end);
            }
        }
    });
}

#[test]
fn a_dish_that_is_dropped_while_it_waits_gives_its_tool_back() {
    watched(PAGE, HANGS, || {
        for oven in [true, false] {
            for is_cake in [true, false] {
                let kitchen = Kitchen::default();
                let tool = if oven { &kitchen.oven } else { &kitchen.mixer };
                block_on(tool.take());
                let mut dishes = Dishes::new();
                match is_cake {
                    true => dishes.cake(&kitchen),
                    false => dishes.chicken(&kitchen),
                }
                dishes.run();
                drop(dishes);
                tool.give_back();
                let dish = if is_cake { "cake" } else { "chicken" };
                let name = if oven { "oven" } else { "mixer" };
                let end = format!(
                    "The {dish} was dropped while it waited for the {name}, \
                     and then the {name} came back."
                );
                are_free(&kitchen, &end);
            }
        }
    });
}
