// ANCHOR: await
/// winit's trait, cut down to the method that matters here.
trait ApplicationHandler {
    fn resumed(&mut self);
}

async fn setup() -> u32 {
    42
}

struct App {
    gpu: Option<u32>,
}

impl ApplicationHandler for App {
    fn resumed(&mut self) {
        self.gpu = Some(setup().await);
    }
}
// ANCHOR_END: await

fn main() {}
