trait ApplicationHandler {
    fn resumed(&mut self);
}

async fn setup() -> u32 {
    42
}

struct App {
    gpu: Option<u32>,
}

// ANCHOR: async
impl ApplicationHandler for App {
    async fn resumed(&mut self) {
        self.gpu = Some(setup().await);
    }
}
// ANCHOR_END: async

fn main() {}
