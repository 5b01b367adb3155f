//! How the program ends: by its user, or with one line that says why not.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::user::{Pipe, Program, Screen, colors, example, palette, wait_for};

const SIZE: (u32, u32) = (480, 320);

/// Waits until the window shows something else than black.
fn wait_for_a_frame(screen: &Screen, window: u32) {
    wait_for("a frame", || {
        let pixels = screen.pixels(window, SIZE)?;
        pixels.iter().any(|pixel| *pixel != [0; 3]).then_some(())
    });
}

#[test]
fn the_user_may_close_the_window_at_every_stage() {
    let Some(screen) = Screen::new() else { return };
    let good = (Some(0), String::new());

    // While setup runs.
    let program = screen.start(&[]);
    screen.close(screen.window());
    assert_eq!(program.end(), good);

    // While the palette waits for somebody to write it.
    let pipe = Pipe::new("nobody");
    let program = screen.start(&[&pipe.path]);
    screen.close(screen.window());
    assert_eq!(program.end(), good);

    // While the palette is half there.
    let mut pipe = Pipe::new("half");
    let program = screen.start(&[&pipe.path]);
    pipe.write(&colors()[..129]);
    let window = screen.window();
    wait_for_a_frame(&screen, window);
    screen.close(window);
    assert_eq!(program.end(), good);

    // While the picture is refined.
    let program = screen.start(&[]);
    let window = screen.window();
    wait_for_a_frame(&screen, window);
    screen.click(window, (241, 143), 1);
    screen.close(window);
    assert_eq!(program.end(), good);
}

#[test]
fn a_window_that_is_destroyed_from_outside_ends_the_program() {
    let Some(screen) = Screen::new() else { return };
    for wait in [false, true] {
        let program = screen.start(&[]);
        let window = screen.window();
        if wait {
            wait_for_a_frame(&screen, window);
        }
        screen.destroy(window);
        let (code, said) = program.end();
        assert!(matches!(code, Some(0 | 1)), "{code:?}: {said}");
        assert!(!said.contains("panicked"), "{said}");
        assert!(said.lines().count() <= 1, "{said}");
    }
}

#[test]
fn a_lost_connection_to_the_server_is_one_line() {
    for busy in [false, true] {
        let Some(mut screen) = Screen::new() else { return };
        let program = screen.start(&[]);
        let window = screen.window();
        wait_for_a_frame(&screen, window);
        if busy {
            screen.click(window, (241, 143), 1);
        }
        screen.end();
        let (code, said) = program.end();
        assert_eq!(code, Some(1), "{said}");
        // Xlib's own words, of one line or of two.
        let lost = said.contains("X connection to") || said.contains("XIO");
        assert!(lost && !said.contains("panicked"), "{said}");
    }
}

#[test]
fn without_a_display_there_is_one_line() {
    let mut command = Command::new(example("app"));
    for display in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(display);
    }
    let said = Program::start(command).refusal();
    assert!(said.contains("no window can be opened here"), "{said}");
}

#[test]
fn without_a_driver_there_is_one_line() {
    let Some(screen) = Screen::new() else { return };
    let mut command = Command::new(example("app"));
    command.env("DISPLAY", &screen.display);
    for list in ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"] {
        command.env(list, "/nowhere");
    }
    let said = Program::start(command).refusal();
    assert!(said.contains("install a Vulkan driver"), "{said}");
}

#[test]
fn a_palette_that_is_missing_or_wrong_is_one_line() {
    let Some(screen) = Screen::new() else { return };
    let file = |name: &str, text: &str| {
        let name = format!("app-{}-{name}", std::process::id());
        let path = env::temp_dir().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let short = file("short", "ff8000\n");
    let wrong = file("wrong", "ff8000\norange\n");
    for (path, what) in [
        (Path::new("/nowhere.txt"), "No such file"),
        (&env::temp_dir(), "Is a directory"),
        (&short, "it ends after 1 of 256 colors"),
        (&wrong, "line 2 is not a color such as ff8000"),
    ] {
        let said = screen.start(&[path]).refusal();
        assert!(said.contains("no palette: "), "{said}");
        assert!(said.contains(what), "{said}");
    }
    fs::remove_file(short).unwrap();
    fs::remove_file(wrong).unwrap();
}

#[test]
fn a_shader_that_is_missing_or_wrong_is_one_line() {
    let Some(screen) = Screen::new() else { return };
    let name = format!("app-{}.wgsl", std::process::id());
    let wrong = env::temp_dir().join(name);
    fs::write(&wrong, "fn refine( {").unwrap();
    let palette = palette();
    for (shader, what) in [
        (Path::new("/nowhere.wgsl"), "no shader: /nowhere.wgsl: No such file"),
        (&wrong, "a wrong shader: "),
    ] {
        let said = screen.start(&[&palette, shader]).refusal();
        assert!(said.contains(what), "{said}");
    }
    fs::remove_file(wrong).unwrap();
}
