// ANCHOR: view
/// winit's window and wgpu's surface, cut down to the borrow.
struct Window;
struct Surface<'window>(&'window Window);

fn create_surface(window: &Window) -> Surface<'_> {
    Surface(window)
}

struct View<'window> {
    window: Window,
    surface: Surface<'window>,
}

fn open<'window>() -> View<'window> {
    let window = Window;
    let surface = create_surface(&window);
    View { window, surface }
}
// ANCHOR_END: view

fn main() {}
