//! The window is destroyed under the surface: the application ends with an
//! error and without a panic.

pub fn run() {
    #[cfg(target_os = "linux")]
    linux::run();
    #[cfg(not(target_os = "linux"))]
    listings::proof::skip("the user of this test needs an X server");
}

#[cfg(target_os = "linux")]
mod linux {
    use boundary::frame::app::{App, Done};
    use boundary::frame::setup::SetupError;
    use winit::application::ApplicationHandler;
    use winit::event::WindowEvent;
    use winit::event_loop::ActiveEventLoop;
    use winit::window::WindowId;

    use crate::support::user::User;
    use crate::support::{event_loop, instance, shader};

    struct Test {
        app: App,
        destroyed: bool,
    }

    impl ApplicationHandler<Done> for Test {
        fn resumed(&mut self, event_loop: &ActiveEventLoop) {
            self.app.resumed(event_loop);
        }

        fn user_event(&mut self, event_loop: &ActiveEventLoop, done: Done) {
            self.app.user_event(event_loop, done);
        }

        fn window_event(
            &mut self,
            event_loop: &ActiveEventLoop,
            id: WindowId,
            event: WindowEvent,
        ) {
            self.app.window_event(event_loop, id, event);
            if self.app.shown() == 0 || self.destroyed {
                return;
            }
            self.destroyed = true;
            let window = u64::from(self.app.window().unwrap().id());
            User::new().destroy(window.try_into().unwrap());
            let texture = self.app.surface().unwrap().get_current_texture();
            println!("{texture:?}");
            let result = self.app.show(texture);
            assert!(
                matches!(result, Err(SetupError::Unsupported)),
                "{result:?}"
            );
        }

        fn exiting(&mut self, event_loop: &ActiveEventLoop) {
            self.app.exiting(event_loop);
        }
    }

    pub fn run() {
        let Some(instance) = instance() else { return };
        let Some(event_loop) = event_loop() else { return };
        let app = App::new(event_loop.create_proxy(), instance, shader());
        let mut test = Test { app: app.unwrap(), destroyed: false };
        event_loop.run_app(&mut test).unwrap();
        assert!(test.destroyed);
        println!("proxy_lost: an error, and the loop has ended");
    }
}
