//! What the path of an included file says about it: its kind, its id, the
//! command that runs it.

use std::fs;
use std::path::Path;

use super::include::Target;

/// The crate of what readers run, relative to the root.
pub const CRATE: &str = "listings";

/// The crate of what proves the listings.
pub const PROOFS: &str = "proofs";

/// The crate of the window and the GPU.
pub const BOUNDARY: &str = "boundary";

/// The crate of what readers write themselves, relative to the root.
pub const EXERCISES: &str = "exercises";

/// What kind of listing a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A step, tested by `cargo test`: its module path.
    Step(String),
    /// A program, run by `cargo run --example`: its name.
    Program(String),
    /// A JavaScript program beside the Rust ones.
    Script(String),
    /// Code that must not compile.
    CompileFail,
    /// An integration test: its target.
    Test(String),
    /// The stub of an exercise: its module.
    Exercise(String),
    /// Anything else that a page may include: data, diagrams, manifests.
    Other,
}

impl Kind {
    /// Reads the kind from a path relative to the root.
    pub fn of(file: &str) -> Kind {
        if let Some(path) = file.strip_prefix("exercises/src/") {
            return match path.strip_suffix(".rs") {
                Some(name) if name != "lib" && !name.contains('/') => Kind::Exercise(name.to_string()),
                _ => Kind::Other,
            };
        }
        let Some((_, path)) = package(file) else { return Kind::Other };
        let (stem, extension) = path.rsplit_once('.').unwrap_or((path, ""));
        let first = |rest: &str| rest.split('/').next().unwrap_or_default().to_string();
        match (stem.split_once('/'), extension) {
            (Some(("src", module)), "rs") => {
                let module = module.strip_suffix("/mod").unwrap_or(module);
                Kind::Step(module.replace('/', "::"))
            }
            (Some(("examples", name)), "rs") if !name.contains('/') => Kind::Program(name.to_string()),
            (Some(("examples", name)), "js") => Kind::Script(name.to_string()),
            (Some(("tests", rest)), "rs") if rest.starts_with("compile_fail/") => Kind::CompileFail,
            (Some(("tests", rest)), "rs") => Kind::Test(first(rest)),
            _ => Kind::Other,
        }
    }
}

/// The package that a listing is of, and its path there.
pub fn package(file: &str) -> Option<(&str, &str)> {
    let (package, path) = file.split_once('/')?;
    [CRATE, PROOFS, BOUNDARY].contains(&package).then_some((package, path))
}

/// The module of a step as a chapter's path begins: `boundary::proxy::app`.
pub fn module(file: &str) -> Option<String> {
    let Kind::Step(module) = Kind::of(file) else { return None };
    match package(file)? {
        (BOUNDARY, "src/lib.rs") => Some(BOUNDARY.to_string()),
        (BOUNDARY, _) => Some(format!("{BOUNDARY}::{module}")),
        _ => Some(module),
    }
}

/// The file as a caption names it: listings and proofs by their path in the
/// package.
pub fn shown(file: &str) -> &str {
    match package(file) {
        Some((BOUNDARY, _)) | None => file,
        Some((_, path)) => path,
    }
}

/// The stable id of a listing on its page.
pub fn id(target: &Target) -> String {
    let (module, stub);
    let path = match Kind::of(&target.file) {
        Kind::Exercise(name) => {
            stub = format!("exercises/{name}.rs");
            &stub
        }
        Kind::Step(_) if target.file.starts_with(BOUNDARY) => {
            module = target.file.replacen("/src/", "/", 1);
            &module
        }
        _ => package(&target.file).map_or(&*target.file, |(_, path)| path),
    };
    let path = path.strip_prefix("src/").unwrap_or(path);
    let path = path.strip_prefix("tests/").unwrap_or(path);
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let mut id = format!("listing-{}", stem.replace('/', "-"));
    if let Some(anchor) = &target.anchor {
        id = format!("{id}-{anchor}");
    }
    id
}

/// The feature without which cargo leaves this listing out, if any: read from
/// the `#[cfg(feature = "…")]` on its modules or the manifest's
/// `required-features`.
pub fn feature(root: &Path, file: &str) -> Option<String> {
    match Kind::of(file) {
        Kind::Step(module) => {
            let src = root.join(package(file)?.0).join("src");
            let parts: Vec<&str> = module.split("::").collect();
            for depth in (0..parts.len()).rev() {
                let parent = match depth {
                    0 => src.join("lib.rs"),
                    _ => src.join(parts[..depth].join("/")).join("mod.rs"),
                };
                let text = fs::read_to_string(parent).unwrap_or_default();
                let declaration = format!("pub mod {};", parts[depth]);
                let above = text.split(&declaration).next()?;
                let attribute = above.lines().next_back().unwrap_or_default();
                if text.contains(&declaration)
                    && let Some((_, rest)) = attribute.split_once("feature = \"")
                {
                    return rest.split('"').next().map(str::to_string);
                }
            }
            None
        }
        Kind::Program(name) | Kind::Test(name) => {
            let manifest = root.join(package(file)?.0).join("Cargo.toml");
            let manifest = fs::read_to_string(manifest).ok()?;
            let manifest: toml::Table = manifest.parse().ok()?;
            let mut targets = ["example", "test"].iter().filter_map(|kind| manifest.get(*kind)?.as_array()).flatten();
            let is_it = |it: &&toml::Value| it.get("name").and_then(toml::Value::as_str) == Some(&name);
            let features = targets.find(is_it)?.get("required-features")?;
            features.get(0)?.as_str().map(str::to_string)
        }
        _ => None,
    }
}

/// The command a reader types to run the listing, from the root.
pub fn command(root: &Path, file: &str) -> Option<String> {
    let of = match package(file) {
        None | Some((CRATE, _)) => String::new(),
        Some((package, _)) => format!(" -p {package}"),
    };
    let command = match Kind::of(file) {
        Kind::Step(module) => format!("cargo test{of} {module}"),
        Kind::Program(name) => format!("cargo run{of} --example {name}"),
        Kind::Script(_) => format!("node {file}"),
        Kind::CompileFail => format!("cargo test{of} --test messages"),
        Kind::Test(name) => {
            let test = format!("{}/tests/{name}.rs", package(file)?.0);
            let test = fs::read_to_string(root.join(test)).unwrap_or_default();
            // Cargo runs such a test only when it is told to.
            let asked = if test.contains("#[ignore") { " -- --ignored" } else { "" };
            format!("cargo test{of} --test {name}{asked}")
        }
        Kind::Exercise(name) => format!("cargo exercise {name}"),
        Kind::Other => return None,
    };
    Some(match feature(root, file) {
        Some(feature) => format!("{command} --features {feature}"),
        None => command,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(file: &str, anchor: Option<&str>) -> Target {
        Target { file: file.into(), anchor: anchor.map(Into::into) }
    }

    #[test]
    fn the_id_comes_from_the_path() {
        let of = |f: &str, a| id(&target(f, a));
        assert_eq!(
            of("listings/src/wakers/block_on/park.rs", Some("block_on")),
            "listing-wakers-block_on-park-block_on"
        );
        assert_eq!(of("listings/examples/lazy_order.rs", None), "listing-examples-lazy_order");
        assert_eq!(
            of("proofs/tests/compile_fail/pinning/pin/moved.rs", None),
            "listing-compile_fail-pinning-pin-moved"
        );
        assert_eq!(of("boundary/src/proxy/app.rs", Some("app")), "listing-boundary-proxy-app-app");
        assert_eq!(of("boundary/examples/proxy_wake.rs", Some("main")), "listing-examples-proxy_wake-main");
        assert_eq!(of("exercises/src/countdown.rs", Some("stub")), "listing-exercises-countdown-stub");
    }

    #[test]
    fn the_command_comes_from_the_path() {
        let of = |f: &str| command(Path::new("/none"), f);
        let test = of("listings/src/wakers/block_on/park.rs").unwrap();
        assert_eq!(test, "cargo test wakers::block_on::park");
        let run = of("listings/examples/lazy_order.rs").unwrap();
        assert_eq!(run, "cargo run --example lazy_order");
        let failure = of("proofs/tests/compile_fail/a/b.rs").unwrap();
        assert_eq!(failure, "cargo test -p proofs --test messages");
        let window = of("boundary/examples/proxy_wake.rs").unwrap();
        assert_eq!(window, "cargo run -p boundary --example proxy_wake");
        let exercise = of("exercises/src/countdown.rs").unwrap();
        assert_eq!(exercise, "cargo exercise countdown");
        assert_eq!(of("exercises/solutions/countdown.rs"), None);
    }

    #[test]
    fn a_test_that_waits_to_be_asked_is_asked() {
        let dir = tempfile::tempdir().unwrap();
        let tests = dir.path().join("proofs/tests");
        fs::create_dir_all(&tests).unwrap();
        let ignored = "#[test]\n#[ignore = \"it takes long\"]\nfn a() {}\n";
        fs::write(tests.join("long.rs"), ignored).unwrap();
        fs::write(tests.join("short.rs"), "#[test]\nfn a() {}\n").unwrap();
        let of = |f: &str| command(dir.path(), f).unwrap();
        assert_eq!(of("proofs/tests/long/src/main.rs"), "cargo test -p proofs --test long -- --ignored");
        assert_eq!(of("proofs/tests/short.rs"), "cargo test -p proofs --test short");
    }

    #[test]
    fn a_feature_on_a_module_is_in_the_command() {
        let dir = tempfile::tempdir().unwrap();
        let src = dir.path().join("boundary/src");
        fs::create_dir_all(&src).unwrap();
        fs::write(src.join("lib.rs"), "pub mod a;\n\n#[cfg(feature = \"next\")]\npub mod proxy;\n").unwrap();
        assert_eq!(
            command(dir.path(), "boundary/src/proxy/app.rs").unwrap(),
            "cargo test -p boundary proxy::app --features next"
        );
        assert_eq!(command(dir.path(), "boundary/src/a/b.rs").unwrap(), "cargo test -p boundary a::b");
    }
}
