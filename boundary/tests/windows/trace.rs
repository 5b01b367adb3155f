//! The chapter's diagram: the loop handles an event while setup waits, and
//! hears from it through the proxy.

pub fn run() {
    #[cfg(target_os = "linux")]
    linux::run();
    #[cfg(not(target_os = "linux"))]
    listings::proof::skip("the user of this test needs an X server");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io;

    use boundary::frame::app::{App, Done};
    use boundary::frame::triangle::SHADER;
    use listings::proof::{Trace, check_trace};
    use tokio::sync::oneshot;
    use winit::application::ApplicationHandler;
    use winit::dpi::PhysicalSize;
    use winit::event::WindowEvent;
    use winit::event_loop::ActiveEventLoop;
    use winit::window::WindowId;

    use crate::support::user::User;
    use crate::support::{event_loop, instance};

    const LOOP: &str = "Loop";
    /// What Tokio calls its threads.
    const WORKER: &str = "tokio-rt-worker";

    struct Test {
        app: App,
        trace: Trace,
        load: Option<oneshot::Sender<String>>,
    }

    impl ApplicationHandler<Done> for Test {
        fn resumed(&mut self, event_loop: &ActiveEventLoop) {
            self.trace.says(LOOP, WORKER, "spawn(setup)");
            self.app.resumed(event_loop);
            self.trace.wait_for("Pending");
            self.trace.note(LOOP, "resumed returns");
            let id = u64::from(self.app.window().unwrap().id());
            User::new().resize(id.try_into().unwrap(), 640, 400);
        }

        fn user_event(&mut self, event_loop: &ActiveEventLoop, done: Done) {
            assert!(done.is_ok());
            self.trace.says(WORKER, LOOP, "user_event(Ok(gpu))");
            self.app.user_event(event_loop, done);
        }

        fn window_event(
            &mut self,
            event_loop: &ActiveEventLoop,
            id: WindowId,
            event: WindowEvent,
        ) {
            let resized = WindowEvent::Resized(PhysicalSize::new(640, 400));
            let is_ours = event == resized;
            self.app.window_event(event_loop, id, event);
            if is_ours && let Some(load) = self.load.take() {
                self.trace.note(LOOP, "handles Resized");
                load.send(SHADER.to_string()).unwrap();
            }
            if self.app.shown() > 0 && !event_loop.exiting() {
                self.trace.note(LOOP, "shows a frame");
                event_loop.exit();
            }
        }

        fn exiting(&mut self, event_loop: &ActiveEventLoop) {
            self.app.exiting(event_loop);
        }
    }

    pub fn run() {
        let Some(instance) = instance() else { return };
        let Some(event_loop) = event_loop() else { return };
        let trace = Trace::new(
            "The loop goes on while setup waits",
            "In resumed the event loop spawns setup on a Tokio worker, which \
             polls it: the shader is not loaded, so it is pending. The loop \
             handles a resize. Then the shader is there and wakes the \
             worker, which polls again, finishes setup, and sends the result \
             to the loop as a user event. The loop shows a frame.",
        );
        trace
            .participant(LOOP, "Event loop")
            .participant(WORKER, "Tokio worker")
            .participant("Source", "Shader source");
        trace.act_as(LOOP).for_good();
        let (load, loaded) = oneshot::channel();
        let source = trace.future("Source", async {
            loaded.await.map_err(|_| io::ErrorKind::BrokenPipe.into())
        });
        let app = App::new(event_loop.create_proxy(), instance, source);
        let mut test =
            Test { app: app.unwrap(), trace: trace.clone(), load: Some(load) };
        event_loop.run_app(&mut test).unwrap();
        check_trace("boundary-proxy-user-event", &trace).unwrap();
        println!("proxy_trace: as recorded");
    }
}
