//! The triangle, in a window of the desktop or in a canvas of a page.

use std::error::Error;

use boundary::web::app::App;
use boundary::web::platform;

fn main() -> Result<(), Box<dyn Error>> {
    platform::run(App::new)
}
