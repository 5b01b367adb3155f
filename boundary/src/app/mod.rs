//! The steps of the chapter `boundary/app`: one program in small files.
//!
//! `picture`, `shader` and `state` know neither threads nor windows.

pub mod load;
pub mod picture;
pub mod program;
pub mod reference;
pub mod refine;
pub mod shader;
pub mod state;
pub mod tasks;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    /// What the page says of its size. The reference is there for the tests.
    #[test]
    fn the_program_has_about_540_lines_of_rust_and_60_of_shaders() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app");
        let (mut rust, mut shaders) = (0, 0);
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let code = code.lines().map(str::trim);
            let lines =
                code.filter(|l| !l.is_empty() && !l.starts_with("//")).count();
            match path.file_stem().unwrap().to_str().unwrap() {
                "reference" => {}
                "shader" => shaders += lines,
                _ => rust += lines,
            }
        }
        assert!((530..=550).contains(&rust), "{rust}");
        assert!((55..=65).contains(&shaders), "{shaders}");
    }
}
