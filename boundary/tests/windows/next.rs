//! The window on winit 0.31: drawn, resized and closed, its result brought by
//! a channel and a wake.

pub fn run() {
    #[cfg(target_os = "linux")]
    linux::run();
    #[cfg(not(target_os = "linux"))]
    listings::proof::skip("the user of this test needs an X server");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::future::Ready;
    use std::io;
    use std::sync::mpsc::{Sender, channel};

    use boundary::frame::next::App;
    use boundary::frame::picture::{Picture, draw};
    use boundary::frame::setup::setup;
    use listings::proof::skip;
    use winit_031::application::ApplicationHandler;
    use winit_031::event::WindowEvent;
    use winit_031::event_loop::{ActiveEventLoop, EventLoop};
    use winit_031::window::WindowId;

    use crate::support::user::User;
    use crate::support::{close_to, instance, shader};

    struct Test {
        app: App<Ready<io::Result<String>>>,
        user: User,
        small: Picture,
        large: Picture,
        resized: bool,
        closed: Sender<()>,
    }

    impl Test {
        fn id(&self) -> u32 {
            let id = self.app.window().unwrap().id().into_raw();
            id.try_into().unwrap()
        }

        fn shows(&self, picture: &Picture) -> bool {
            let (w, h) = (picture.width, picture.height);
            [(2, 2), (w / 2, h / 5), (w / 2, h / 2), (w - 2, h - 2)]
                .into_iter()
                .all(|(x, y)| {
                    let [r, g, b, _] = picture.pixel(x, y);
                    self.user
                        .pixel(self.id(), x as i16, y as i16)
                        .is_some_and(|seen| close_to(seen, [r, g, b]))
                })
        }
    }

    impl ApplicationHandler for Test {
        fn can_create_surfaces(&mut self, event_loop: &dyn ActiveEventLoop) {
            self.app.can_create_surfaces(event_loop);
            let window = self.id();
            self.app.can_create_surfaces(event_loop);
            assert_eq!(window, self.id());
        }

        fn proxy_wake_up(&mut self, event_loop: &dyn ActiveEventLoop) {
            // The window is minimized when the GPU comes, and then it is not.
            let window = self.app.window().unwrap();
            let (id, size) = (window.id(), window.surface_size());
            let none = WindowEvent::SurfaceResized((0, 0).into());
            self.app.window_event(event_loop, id, none);
            self.app.proxy_wake_up(event_loop);
            let redraw = WindowEvent::RedrawRequested;
            self.app.window_event(event_loop, id, redraw);
            assert_eq!(self.app.shown(), 0);
            let shown = WindowEvent::SurfaceResized(size);
            self.app.window_event(event_loop, id, shown);
        }

        fn window_event(
            &mut self,
            event_loop: &dyn ActiveEventLoop,
            id: WindowId,
            event: WindowEvent,
        ) {
            let redrawn = event == WindowEvent::RedrawRequested;
            let closing = event == WindowEvent::CloseRequested;
            self.app.window_event(event_loop, id, event);
            if closing {
                self.closed.send(()).unwrap();
            }
            if !redrawn || self.app.shown() == 0 {
                return;
            }
            if !self.resized && self.shows(&self.small) {
                self.resized = true;
                self.app.destroy_surfaces(event_loop);
                self.app.can_create_surfaces(event_loop);
                self.user.resize(self.id(), 640, 400);
            } else if self.resized && self.shows(&self.large) {
                self.user.close(self.id());
                return;
            }
            self.app.window().unwrap().request_redraw();
        }
    }

    pub fn run() {
        let Some(instance) = instance() else { return };
        let event_loop = match EventLoop::new() {
            Ok(event_loop) => event_loop,
            Err(why) => return skip(why),
        };
        let gpu = pollster::block_on(setup(&instance, None, shader())).unwrap();
        let (failed, failure) = channel();
        let (closed, was_closed) = channel();
        let proxy = event_loop.create_proxy();
        let app = App::new(proxy, instance, shader(), failed).unwrap();
        let test = Test {
            app,
            user: User::new(),
            small: draw(&gpu, 480, 320).unwrap(),
            large: draw(&gpu, 640, 400).unwrap(),
            resized: false,
            closed,
        };
        event_loop.run_app(test).unwrap();
        assert!(failure.try_recv().is_err(), "it failed");
        was_closed.try_recv().expect("the user closed it");
        println!("proxy_next: drawn, resized, closed");
    }
}
