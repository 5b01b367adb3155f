//! The triangle, in a window of the desktop or in a canvas of a page.

use boundary::web::app::App;
use boundary::web::platform;

fn main() {
    platform::run(App::new);
}
