use std::pin::Pin;

trait ApplicationHandler {
    fn resumed(&mut self);
}

async fn setup() -> u32 {
    42
}

struct App {
    gpu: Option<u32>,
}

// ANCHOR: macro
/// What `#[async_trait]` makes of `async fn resumed(&mut self)`.
impl ApplicationHandler for App {
    fn resumed<'s, 'f>(
        &'s mut self,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        Box::pin(async move { self.gpu = Some(setup().await) })
    }
}
// ANCHOR_END: macro

fn main() {}
