//! A real window: opened once, drawn on, resized, its surface lost and
//! replaced, and closed.

pub fn run() {
    #[cfg(target_os = "linux")]
    linux::run();
    #[cfg(not(target_os = "linux"))]
    listings::proof::skip("the user of this test needs an X server");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::sync::Arc;

    use boundary::frame::app::{App, Done};
    use boundary::frame::picture::{Picture, draw};
    use boundary::frame::setup::setup;
    use wgpu::CurrentSurfaceTexture;
    use winit::application::ApplicationHandler;
    use winit::event::WindowEvent;
    use winit::event_loop::ActiveEventLoop;
    use winit::window::WindowId;

    use crate::support::user::User;
    use crate::support::{close_to, event_loop, instance, shader};

    /// What the window is expected to show next.
    #[derive(Debug, PartialEq)]
    enum Step {
        First,
        Resized,
        Replaced,
        Closed,
    }

    struct Test {
        app: App,
        user: User,
        step: Step,
        small: Picture,
        large: Picture,
        shown_before: u64,
        results: u32,
    }

    impl Test {
        fn id(&self) -> u32 {
            let id = u64::from(self.app.window().unwrap().id());
            id.try_into().unwrap()
        }

        /// Whether the server shows the same as `picture` in five places.
        fn shows(&self, picture: &Picture) -> bool {
            let (w, h) = (picture.width, picture.height);
            let places = [
                (2, 2),
                (w / 2, h / 5),
                (w / 2, h / 2),
                (w / 4, h * 4 / 5),
                (w - 2, h - 2),
            ];
            places.into_iter().all(|(x, y)| {
                let [r, g, b, _] = picture.pixel(x, y);
                self.user
                    .pixel(self.id(), x as i16, y as i16)
                    .is_some_and(|seen| close_to(seen, [r, g, b]))
            })
        }

        /// Goes on when the window shows what it must.
        fn look(&mut self) {
            match self.step {
                Step::First if self.shows(&self.small) => {
                    self.step = Step::Resized;
                    self.user.resize(self.id(), 640, 400);
                }
                Step::Resized if self.shows(&self.large) => {
                    self.step = Step::Replaced;
                    let old = self.app.surface().unwrap().clone();
                    self.shown_before = self.app.shown();
                    self.app.show(CurrentSurfaceTexture::Lost).unwrap();
                    let new = self.app.surface().unwrap();
                    assert!(!Arc::ptr_eq(&old, new), "the lost one stayed");
                }
                Step::Replaced if self.app.shown() > self.shown_before => {
                    assert!(self.shows(&self.large));
                    self.step = Step::Closed;
                    self.user.close(self.id());
                }
                _ => {}
            }
        }
    }

    impl ApplicationHandler<Done> for Test {
        fn resumed(&mut self, event_loop: &ActiveEventLoop) {
            self.app.resumed(event_loop);
            let window = self.app.window().unwrap().clone();
            let surface = self.app.surface().unwrap().clone();
            self.app.resumed(event_loop);
            assert!(Arc::ptr_eq(&window, self.app.window().unwrap()));
            assert!(Arc::ptr_eq(&surface, self.app.surface().unwrap()));
        }

        fn user_event(&mut self, event_loop: &ActiveEventLoop, done: Done) {
            self.results += 1;
            self.app.user_event(event_loop, done);
        }

        fn window_event(
            &mut self,
            event_loop: &ActiveEventLoop,
            id: WindowId,
            event: WindowEvent,
        ) {
            let redrawn = event == WindowEvent::RedrawRequested;
            self.app.window_event(event_loop, id, event);
            if redrawn && self.app.is_ready() {
                self.look();
                self.app.window().unwrap().request_redraw();
            }
        }

        fn exiting(&mut self, event_loop: &ActiveEventLoop) {
            self.app.exiting(event_loop);
        }
    }

    pub fn run() {
        let Some(instance) = instance() else { return };
        let Some(event_loop) = event_loop() else { return };
        let gpu = pollster::block_on(setup(&instance, None, shader())).unwrap();
        let app = App::new(event_loop.create_proxy(), instance, shader());
        let mut test = Test {
            app: app.unwrap(),
            user: User::new(),
            step: Step::First,
            small: draw(&gpu, 480, 320).unwrap(),
            large: draw(&gpu, 640, 400).unwrap(),
            shown_before: 0,
            results: 0,
        };
        event_loop.run_app(&mut test).unwrap();
        assert_eq!(test.step, Step::Closed);
        assert_eq!(test.results, 1, "a second setup was started");
        assert!(test.app.into_failure().is_none());
        println!("proxy_window: drawn, resized, replaced, closed");
    }
}
