//! A task on the thread of a window wakes itself without end. The user closes
//! the window all the same, and the window is gone with its tasks.

pub fn run() {
    #[cfg(target_os = "linux")]
    linux::run();
    #[cfg(not(target_os = "linux"))]
    listings::proof::skip("the user of this test needs an X server");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::Cell;
    use std::rc::{Rc, Weak};

    use boundary::two_loops::tasks::Tasks;
    use listings::runtimes::executor::yield_now::yield_now;
    use winit::application::ApplicationHandler;
    use winit::event::WindowEvent;
    use winit::event_loop::ActiveEventLoop;
    use winit::window::{Window, WindowId};

    use crate::support::event_loop;
    use crate::support::user::User;

    struct Woken;

    struct Test {
        tasks: Option<Tasks>,
        window: Weak<Window>,
        polls: Rc<Cell<u32>>,
        asked: bool,
    }

    impl ApplicationHandler<Woken> for Test {
        fn resumed(&mut self, event_loop: &ActiveEventLoop) {
            let window = event_loop.create_window(Default::default());
            let window = Rc::new(window.unwrap());
            self.window = Rc::downgrade(&window);
            let polls = self.polls.clone();
            drop(self.tasks.as_ref().unwrap().spawn(async move {
                loop {
                    polls.set(polls.get() + 1);
                    yield_now().await;
                    window.set_title("busy");
                }
            }));
        }

        fn user_event(&mut self, _: &ActiveEventLoop, _: Woken) {}

        fn about_to_wait(&mut self, _: &ActiveEventLoop) {
            if let Some(tasks) = &self.tasks {
                tasks.turn();
            }
            if self.polls.get() >= 10 && !self.asked {
                self.asked = true;
                let id = u64::from(self.window.upgrade().unwrap().id());
                User::new().close(id.try_into().unwrap());
            }
        }

        fn window_event(
            &mut self,
            event_loop: &ActiveEventLoop,
            _: WindowId,
            event: WindowEvent,
        ) {
            if event == WindowEvent::CloseRequested {
                event_loop.exit();
            }
        }

        fn exiting(&mut self, _: &ActiveEventLoop) {
            self.tasks = None;
            assert_eq!(self.window.strong_count(), 0, "the window lives on");
        }
    }

    pub fn run() {
        let Some(event_loop) = event_loop() else { return };
        let proxy = event_loop.create_proxy();
        let tasks = Tasks::new(move || {
            let _ = proxy.send_event(Woken);
        });
        let mut test = Test {
            tasks: Some(tasks),
            window: Weak::new(),
            polls: Rc::default(),
            asked: false,
        };
        event_loop.run_app(&mut test).unwrap();
        assert!(test.asked && test.polls.get() >= 10);
        println!("two_loops_busy: closed while a task was busy");
    }
}
