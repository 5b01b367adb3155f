//! Which way data goes: `read` and `draw` know nothing of what is made of them,
//! and nothing leans on the checks.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// A folder or file of `src`, and the stages that it may not import.
const FORBIDDEN: [(&str, &[&str]); 8] = [
    ("draw", &["read", "write", "serve", "check", "site"]),
    ("read", &["write", "serve", "check"]),
    ("write", &["serve", "check"]),
    ("serve.rs", &["check"]),
    ("site.rs", &["read", "draw", "write", "serve", "check"]),
    ("disk.rs", &["read", "draw", "write", "serve", "check", "site"]),
    ("links.rs", &["read", "draw", "write", "serve", "check", "site"]),
    ("problem.rs", &["read", "draw", "write", "serve", "check", "site"]),
];

#[test]
fn no_stage_imports_a_later_one() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for (stage, forbidden) in FORBIDDEN {
        for entry in WalkDir::new(src.join(stage)) {
            let path = entry.expect("the folder is there").into_path();
            if path.extension().is_none_or(|end| end != "rs") {
                continue;
            }
            seen += 1;
            let text = fs::read_to_string(&path).expect("a source");
            for (n, line) in text.lines().enumerate() {
                for other in forbidden {
                    let import = format!("crate::{other}");
                    assert!(!line.contains(&import), "{}:{}: imports `{import}`, a later stage", path.display(), n + 1);
                }
            }
        }
    }
    assert!(seen > 25, "{seen} files");
}
