//! Says which file each test compiles: yours, the stub or the solution.

use std::path::Path;
use std::{env, fs};

fn main() {
    let root = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    let (root, out) = (Path::new(&root), Path::new(&out));
    let has = |feature| env::var_os(format!("CARGO_FEATURE_{feature}"));
    // Of all that is in this folder: a file may have come to mine/.
    println!("cargo::rerun-if-changed=.");
    for entry in fs::read_dir(root.join("src")).expect("the stubs") {
        let stub = entry.expect("a stub").path();
        let name = stub.file_name().expect("it is a file");
        let mine = root.join("mine").join(name);
        let file = match () {
            _ if has("SOLUTIONS").is_some() => {
                root.join("solutions").join(name)
            }
            _ if has("STUBS").is_some() || !mine.is_file() => stub.clone(),
            _ => mine,
        };
        let module = Path::new(name).with_extension("");
        let code = format!(
            "// A stub has gaps, and does odd things on purpose.\n\
             #[allow(dead_code, unused_imports, unused_mut, unused_variables)]\n\
             #[allow(clippy::waker_clone_wake)]\n\
             #[path = {file:?}]\npub mod {};\n",
            module.display()
        );
        // Written only when it differs, so that nothing else is compiled anew.
        let to = out.join(name);
        if fs::read_to_string(&to).ok().as_ref() != Some(&code) {
            fs::write(&to, code).expect("OUT_DIR can be written to");
        }
    }
    let book = root.join("../book.toml");
    println!("cargo::rerun-if-changed={}", book.display());
    let book = fs::read_to_string(book).expect("book.toml");
    let address = book
        .lines()
        .find_map(|line| line.strip_prefix("site-url = \""))
        .and_then(|rest| rest.split('"').next())
        .expect("book.toml says where the book is published");
    println!("cargo::rustc-env=BOOK={address}");
}
