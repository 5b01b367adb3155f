//! The user closes the window while setup is still going on: the task is
//! dropped where it waits, and a call that it is in is waited for.

pub fn run() {
    #[cfg(target_os = "linux")]
    linux::run();
    #[cfg(not(target_os = "linux"))]
    listings::proof::skip("the user of this test needs an X server");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::future::pending;
    use std::io;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::sync::{Arc, Weak};
    use std::thread;
    use std::time::Duration;

    use boundary::frame::app::{App, Done};
    use winit::application::ApplicationHandler;
    use winit::event::WindowEvent;
    use winit::event_loop::ActiveEventLoop;
    use winit::window::{Window, WindowId};

    use crate::support::user::User;
    use crate::support::{event_loop, instance};

    struct Test {
        app: App,
        inside: Receiver<()>,
        release: Option<Sender<()>>,
        window: Weak<Window>,
        returned: Arc<AtomicBool>,
        dropped: Arc<AtomicBool>,
    }

    impl ApplicationHandler<Done> for Test {
        fn resumed(&mut self, event_loop: &ActiveEventLoop) {
            self.app.resumed(event_loop);
            let window = self.app.window().unwrap();
            self.window = Arc::downgrade(window);
            let id = u64::from(window.id()).try_into().unwrap();
            self.inside.recv().unwrap();
            User::new().close(id);
        }

        fn user_event(&mut self, _: &ActiveEventLoop, _: Done) {
            panic!("setup cannot be done");
        }

        fn window_event(
            &mut self,
            event_loop: &ActiveEventLoop,
            id: WindowId,
            event: WindowEvent,
        ) {
            self.app.window_event(event_loop, id, event);
        }

        fn exiting(&mut self, event_loop: &ActiveEventLoop) {
            // The call returns only when the loop already ends: an `exiting`
            // that does not wait for it would be over long before.
            let release = self.release.take().unwrap();
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(50));
                release.send(()).unwrap();
            });
            self.app.exiting(event_loop);
            assert!(self.returned.load(Ordering::SeqCst), "it did not wait");
            assert!(self.dropped.load(Ordering::SeqCst), "the task lives on");
            let owners = self.window.strong_count();
            assert_eq!(owners, 0, "the window is still owned");
        }
    }

    struct SetOnDrop(Arc<AtomicBool>);

    impl Drop for SetOnDrop {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    /// Blocks as a driver's call does, then waits for a file that never
    /// comes.
    async fn source(
        inside: Sender<()>,
        release: Receiver<()>,
        returned: Arc<AtomicBool>,
        dropped: SetOnDrop,
    ) -> io::Result<String> {
        inside.send(()).unwrap();
        release.recv().unwrap();
        returned.store(true, Ordering::SeqCst);
        pending::<()>().await;
        drop(dropped);
        unreachable!("a pending future is never ready")
    }

    pub fn run() {
        let Some(instance) = instance() else { return };
        let Some(event_loop) = event_loop() else { return };
        let (inside_sender, inside) = channel();
        let (release, release_receiver) = channel();
        let returned = Arc::new(AtomicBool::new(false));
        let dropped = Arc::new(AtomicBool::new(false));
        let source = source(
            inside_sender,
            release_receiver,
            returned.clone(),
            SetOnDrop(dropped.clone()),
        );
        let app = App::new(event_loop.create_proxy(), instance, source);
        let mut test = Test {
            app: app.unwrap(),
            inside,
            release: Some(release),
            window: Weak::new(),
            returned,
            dropped,
        };
        event_loop.run_app(&mut test).unwrap();
        assert_eq!(test.window.strong_count(), 0);
        assert!(test.app.into_failure().is_none());
        println!("proxy_close: closed during setup");
    }
}
