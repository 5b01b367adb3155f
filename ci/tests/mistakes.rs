//! Small books, each with one mistake: each must fail, with a message that
//! names the file, the line and what to do.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;

use ci::check::{addresses, links, previews, rules};
use ci::read::source::Source;
use ci::serve::{Rebuilding, Served};
use ci::site::OfflineFiles;
use ci::write::build::{Options, book_files, build_book};
use ci::write::folder::Output;
use ci::write::offline;
use tempfile::TempDir;

/// A book without mistakes: one chapter, one step with a test, one program
/// with its output, one compile failure with its message, one diagram.
const GOOD: &[(&str, &str)] = &[
    (
        "book.toml",
        "[book]\ntitle = \"Small\"\nauthors = [\"One\"]\n[output.html]\n\
         site-url = \"https://example.org/small/\"\n\
         git-repository-url = \"https://example.org/small\"\n\
         [output.html.playground]\nrunnable = false\n",
    ),
    ("src/SUMMARY.md", "# Summary\n\n- [One](part/one.md)\n- [Two](part/two.md)\n"),
    (
        "src/part/one.md",
        "# One\n\
         <!-- description: What a first step is, what it prints, and what the compiler says. -->\n\
         ```rust\n{{#include ../../listings/src/part/one/first.rs:f}}\n```\n\n\
         ```rust,step=first\n{{#include ../../listings/src/part/one/second.rs:f}}\n```\n\n\
         ```rust\n{{#include ../../listings/examples/one_prints.rs}}\n```\n\n\
         ```rust,compile_fail\n{{#include ../../proofs/tests/compile_fail/part/one/wrong.rs}}\n```\n\n\
         ```mermaid\n{{#include ../../listings/traces/one.mmd}}\n```\n\n\
         <!-- offline -->\n",
    ),
    (
        "src/part/two.md",
        "# Two\n\
         <!-- description: Where the first step is, for whoever begins at the second page. -->\n\
         See [one](one.md#listing-part-one-first-f).\n\n\
         ```rust\n{{#include ../../exercises/src/own.rs:stub}}\n```\n",
    ),
    ("listings/Cargo.toml", "[package]\nname = \"listings\"\n"),
    ("listings/src/lib.rs", "pub mod part;\n"),
    ("listings/src/part/mod.rs", "pub mod one;\n"),
    ("listings/src/part/one/mod.rs", "pub mod first;\npub mod second;\n"),
    (
        "listings/src/part/one/first.rs",
        "// ANCHOR: f\npub fn f() -> u8 {\n    1\n}\n// ANCHOR_END: f\n\
         #[cfg(test)]\nmod tests {\n    #[test]\n    fn it_is_one() {}\n}\n",
    ),
    (
        "listings/src/part/one/second.rs",
        "// ANCHOR: f\npub fn f() -> u8 {\n    2\n}\n// ANCHOR_END: f\n\
         #[cfg(test)]\nmod tests {\n    #[test]\n    fn it_is_two() {}\n}\n",
    ),
    ("listings/examples/one_prints.rs", "fn main() {\n    println!(\"<1>\");\n}\n"),
    ("listings/examples/outputs/one_prints.txt", "<1>\n"),
    ("proofs/tests/compile_fail/part/one/wrong.rs", "fn main() {\n    x\n}\n"),
    ("proofs/tests/compile_fail/part/one/wrong.stderr", "error[E0425]: cannot find value `x` in this scope\n"),
    (
        "exercises/src/own.rs",
        "//! Exercise to part/two.html: write one.\n\
         // ANCHOR: stub\npub fn own() -> u8 {\n    todo!()\n}\n\
         // ANCHOR_END: stub\n",
    ),
    ("exercises/solutions/own.rs", "pub fn own() -> u8 {\n    1\n}\n"),
    (
        "exercises/tests/own.rs",
        "include!(concat!(env!(\"OUT_DIR\"), \"/own.rs\"));\n\
         #[test]\nfn it_is_one() {\n    watched(|| {});\n}\n",
    ),
    (
        "listings/traces/one.mmd",
        "sequenceDiagram\n    accTitle: One poll\n    accDescr: A runner polls.\n    \
         participant R as Runner\n    participant F as Future\n    R->>F: poll\n",
    ),
];

const THEME: &[&str] = &[
    "book.css",
    "diagrams.css",
    "epub.css",
    "fonts.css",
    "fonts/text.woff2",
    "index.hbs",
    "page.css",
    "page.js",
    "save.js",
    "scroll.js",
    "search.js",
];

fn book(changes: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    for (name, text) in GOOD.iter().chain(changes) {
        write(name, text);
    }
    // Its pages load what those of the real book do.
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../theme");
    for name in THEME {
        let to = dir.path().join("theme").join(name);
        fs::create_dir_all(to.parent().expect("a parent")).expect("a folder");
        fs::copy(theme.join(name), to).expect("the theme has it");
    }
    dir
}

/// The small book with `from` replaced by `to` in one file.
fn with(file: &str, from: &str, to: &str) -> TempDir {
    let (_, good) = GOOD.iter().find(|(name, _)| *name == file).expect(file);
    assert!(good.contains(from), "{file} has no `{from}`");
    book(&[(file, &good.replacen(from, to, 1))])
}

fn problems(dir: &TempDir) -> String {
    let book = Source::load(dir.path()).expect("the book loads");
    let problems = rules::problems(&book);
    problems.iter().map(|it| format!("{it}\n")).collect()
}

#[track_caller]
fn says(dir: &TempDir, expected: &str) {
    let found = problems(dir);
    assert!(found.contains(expected), "expected `{expected}` in:\n{found}");
}

fn page(dir: &TempDir, name: &str) -> String {
    let book = Source::load(dir.path()).expect("the book loads");
    let options = Options { destination: Some(dir.path().join("out")), live_reload: false };
    let (folder, pages) = build_book(&book, &options).expect("it builds");
    assert_eq!(pages, 2, "two chapters");
    fs::read_to_string(folder.join(name)).expect("the page is there")
}

#[test]
fn a_book_without_mistakes_passes() {
    assert_eq!(problems(&book(&[])), "");
}

#[test]
fn a_listing_has_its_caption_command_id_and_marks() {
    let html = page(&book(&[]), "part/one.html");
    for part in [
        "id=\"listing-part-one-first-f\"",
        "href=\"#listing-part-one-first-f\"",
        "cargo test part::one::first",
        "https://example.org/small/blob/main/listings/src/part/one/first.rs#L2-L4",
        "from <a href=\"#listing-part-one-first-f\">first</a>: line 2 changed",
    ] {
        assert!(html.contains(part), "no `{part}` in:\n{html}");
    }
    // The column of marks has a line for each line of code.
    let (_, marks) = html.split_once("<pre class=\"marks\"").expect("marks");
    let (marks, _) = marks.split_once("</pre>").expect("an end");
    let (_, marks) = marks.split_once('>').expect("a start");
    let marks = marks.replace("&nbsp;", "\u{a0}");
    assert_eq!(marks, "\u{a0}\n<b>+</b>\n\u{a0}");
}

#[test]
fn a_program_has_its_command_and_its_output() {
    let html = page(&book(&[]), "part/one.html");
    assert!(html.contains("cargo run --example one_prints"), "{html}");
    assert!(html.contains("id=\"output-one_prints\""), "{html}");
    assert!(html.contains("&lt;1&gt;"), "{html}");
}

#[test]
fn the_output_stands_under_the_part_with_main() {
    let dir = with(
        "src/part/one.md",
        "```rust\n{{#include ../../listings/examples/one_prints.rs}}\n```\n",
        "```rust\n{{#include ../../listings/examples/one_prints.rs:main}}\n```\n\n\
         ```rust\n{{#include ../../listings/examples/one_prints.rs:f}}\n```\n",
    );
    let program = "// ANCHOR: main\nfn main() {}\n// ANCHOR_END: main\n\
                   // ANCHOR: f\nfn f() {}\n// ANCHOR_END: f\n";
    fs::write(dir.path().join("listings/examples/one_prints.rs"), program).unwrap();
    let html = page(&dir, "part/one.html");
    let output = html.find("id=\"output-one_prints\"").expect("an output");
    let f = html.find("id=\"listing-examples-one_prints-f\"").expect("f");
    assert!(output < f, "{html}");
}

#[test]
fn a_compile_failure_has_the_compilers_message_and_its_code_linked() {
    let html = page(&book(&[]), "part/one.html");
    assert!(html.contains("does not compile"), "{html}");
    assert!(html.contains("cannot find value `x`"), "{html}");
    assert!(html.contains("error_codes/E0425.html"), "{html}");
}

#[test]
fn an_exercise_has_its_command_and_its_solution() {
    let html = page(&book(&[]), "part/two.html");
    for part in [
        "id=\"listing-exercises-own-stub\"",
        "yours to write",
        "cargo exercise own",
        "https://example.org/small/blob/main/exercises/src/own.rs#L3-L5",
        "https://example.org/small/blob/main/exercises/solutions/own.rs\"",
    ] {
        assert!(html.contains(part), "no `{part}` in:\n{html}");
    }
}

#[test]
fn a_diagram_is_drawn_into_the_page() {
    let html = page(&book(&[]), "part/one.html");
    let (_, figure) = html.split_once("id=\"diagram-one\"").expect("a figure");
    let (figure, _) = figure.split_once("</figure>").expect("an end");
    assert!(figure.contains("<svg"), "{figure}");
    assert!(!html.contains("<!--"), "a comment is left");
}

#[test]
fn a_plain_build_has_the_same_frame() {
    let dir = book(&[]);
    let out = dir.path().join("plain");
    let source = Source::load(dir.path()).unwrap();
    ci::check::pages::build_plain(&source, &out).unwrap();
    let html = fs::read_to_string(out.join("part/one.html")).unwrap();
    assert!(html.contains("pub fn f() -&gt; u8"), "{html}");
    assert!(html.contains("<pre class=\"mermaid\">"), "{html}");
    assert!(html.contains("<nav id=\"mdbook-sidebar\""), "{html}");
    assert!(html.contains("One</a>"), "the contents: {html}");
    assert!(html.contains("css/chrome"), "mdBook's own style: {html}");
    assert!(!html.contains("{{"), "{html}");
}

#[test]
fn the_links_of_a_built_book_resolve() {
    let dir = book(&[]);
    page(&dir, "index.html");
    let (wrong, count) = links::broken_links(&dir.path().join("out"), &["html"]).unwrap();
    assert_eq!(wrong, Vec::<String>::new());
    assert!(count > 0);
}

#[test]
fn a_link_to_a_listing_that_is_gone_is_named() {
    let dir = with("src/part/two.md", "first-f", "gone-f");
    page(&dir, "index.html");
    let (wrong, _) = links::broken_links(&dir.path().join("out"), &["html"]).unwrap();
    let expected = "part/two.html: the link `one.html#listing-part-one-gone-f` \
                    leads nowhere: part/one.html has no id";
    assert!(wrong.iter().any(|w| w.starts_with(expected)), "{wrong:?}");
}

#[test]
fn inline_rust() {
    let dir = with("src/part/two.md", "See", "```rust\nfn main() {}\n```\n\nSee");
    says(&dir, "src/part/two.md:3: Rust is written inline; move it into");
}

#[test]
fn a_missing_file() {
    let dir = with("src/part/one.md", "first.rs:f", "gone.rs:f");
    says(&dir, "src/part/one.md:4: there is no file `listings/src/part/one/gone.rs`");
}

#[test]
fn a_missing_anchor() {
    let dir = with("src/part/one.md", "first.rs:f", "first.rs:g");
    says(&dir, "src/part/one.md:4: `listings/src/part/one/first.rs` has no anchor `g`");
}

#[test]
fn a_build_refuses_a_mistake_and_names_it() {
    let dir = with("src/part/one.md", "first.rs:f", "first.rs:g");
    let book = Source::load(dir.path()).unwrap();
    let why = build_book(&book, &Options::default()).unwrap_err().to_string();
    assert!(why.starts_with("src/part/one.md:4: "), "{why}");
}

#[test]
fn an_anchor_that_no_page_uses() {
    let dir = with(
        "listings/src/part/one/first.rs",
        "#[cfg(test)]",
        "// ANCHOR: g\npub fn g() {}\n// ANCHOR_END: g\n#[cfg(test)]",
    );
    says(&dir, "listings/src/part/one/first.rs:6: no page includes the anchor `g`");
}

#[test]
fn a_listing_that_no_page_shows() {
    let dir = book(&[("listings/src/part/one/third.rs", "pub fn g() {}\n#[test]\nfn t() {}\n")]);
    says(&dir, "listings/src/part/one/third.rs: no page includes this listing");
}

#[test]
fn a_program_that_no_page_shows() {
    let dir = book(&[("listings/examples/one_more.rs", "fn main() {}\n")]);
    says(&dir, "listings/examples/one_more.rs: no page includes this program");
}

#[test]
fn a_trace_that_no_page_shows() {
    let dir = book(&[("listings/traces/two.mmd", "sequenceDiagram\n")]);
    says(&dir, "listings/traces/two.mmd: no page includes this trace");
}

#[test]
fn a_program_that_no_test_runs() {
    let dir = book(&[("boundary/examples/one_draws.rs", "fn main() {}\n")]);
    says(&dir, "boundary/examples/one_draws.rs: nobody runs this program");
}

#[test]
fn an_exercise_that_its_chapter_does_not_show() {
    let dir = with("exercises/src/own.rs", "Exercise to part/two.html", "Exercise to part/one.html");
    says(
        &dir,
        "exercises/src/own.rs:1: `src/part/one.md` does not include it: \
         `{{#include ../../exercises/src/own.rs:stub}}`",
    );
}

#[test]
fn an_exercise_whose_chapter_is_not_written_yet() {
    let dir = with("exercises/src/own.rs", "Exercise to part/two.html", "Exercise to part/nine.html");
    assert_eq!(problems(&dir), "");
}

#[test]
fn an_exercise_without_a_chapter() {
    let dir = with("exercises/src/own.rs", "Exercise to part/two.html: ", "");
    says(&dir, "exercises/src/own.rs:1: does not say where it belongs");
}

#[test]
fn an_exercise_without_a_solution_or_tests() {
    for gone in ["solutions/own.rs", "tests/own.rs"] {
        let dir = book(&[]);
        fs::remove_file(dir.path().join("exercises").join(gone)).unwrap();
        let what = format!("write `exercises/{gone}`");
        says(&dir, &what);
    }
}

#[test]
fn an_exercise_whose_tests_do_not_include_it() {
    let dir = with("exercises/tests/own.rs", "OUT_DIR", "OUT");
    says(&dir, "exercises/tests/own.rs:1: begin it with `include!(concat!(");
}

#[test]
fn a_test_of_an_exercise_that_nobody_watches() {
    let dir = with("exercises/tests/own.rs", "watched", "run");
    says(&dir, "exercises/tests/own.rs:2: one that hangs would not end");
}

#[test]
fn a_listing_without_a_test() {
    let dir = with("listings/src/part/one/first.rs", "#[test]", "");
    says(&dir, "listings/src/part/one/first.rs: this listing has no test");
}

#[test]
fn a_program_without_an_output() {
    let dir = book(&[]);
    fs::remove_file(dir.path().join("listings/examples/outputs/one_prints.txt")).unwrap();
    says(
        &dir,
        "src/part/one.md:12: `listings/examples/outputs/one_prints.txt` is \
         missing: `cargo ci --bless` records what a run gives",
    );
}

#[test]
fn an_output_without_a_program() {
    let dir = book(&[("listings/examples/outputs/old.txt", "1\n")]);
    says(&dir, "outputs/old.txt: no program prints this any more");
}

#[test]
fn a_compile_failure_without_a_message() {
    let dir = book(&[]);
    fs::remove_file(dir.path().join("proofs/tests/compile_fail/part/one/wrong.stderr")).unwrap();
    says(&dir, "compile_fail/part/one/wrong.stderr` is missing");
}

#[test]
fn a_message_that_depends_on_the_folder() {
    let dir =
        with("proofs/tests/compile_fail/part/one/wrong.stderr", "value `x`", "value `{async block@$DIR/wrong.rs:2:3}`");
    says(
        &dir,
        "compile_fail/part/one/wrong.stderr:1: names an async block or a \
         closure by its path",
    );
}

#[test]
fn code_that_compiles_but_is_said_not_to() {
    let dir = with("src/part/one.md", "```rust\n", "```rust,compile_fail\n");
    says(
        &dir,
        "src/part/one.md:3: `listings/src/part/one/first.rs` compiles; code \
         that must not belongs in",
    );
}

#[test]
fn a_step_that_is_not_there() {
    let dir = with("src/part/one.md", "step=first", "step=zeroth");
    says(
        &dir,
        "src/part/one.md:7: step=zeroth: there is no file \
         `listings/src/part/one/zeroth.rs`",
    );
}

#[test]
fn a_step_in_which_nothing_changed() {
    let dir = with("listings/src/part/one/second.rs", "2", "1");
    says(&dir, "src/part/one.md:7: step=first: nothing changed");
}

#[test]
fn a_word_in_a_fence_that_means_nothing() {
    let dir = with("src/part/one.md", "step=first", "stpe=first");
    says(&dir, "src/part/one.md:7: `stpe=first` means nothing here");
}

#[test]
fn a_diagram_with_a_syntax_error() {
    let dir = with("listings/traces/one.mmd", "R->>F: poll", "R->>>>F poll");
    says(&dir, "listings/traces/one.mmd:6: the diagram cannot be drawn: ");
}

#[test]
fn a_diagram_in_the_page_with_a_syntax_error() {
    let dir = with(
        "src/part/two.md",
        "See",
        "```mermaid\nflowchart TD\n    accTitle: T\n    accDescr: D\n    \
         A --> --> B\n```\n\nSee",
    );
    says(&dir, "src/part/two.md:7: the diagram cannot be drawn: ");
}

#[test]
fn a_diagram_without_a_description() {
    let dir = with("listings/traces/one.mmd", "    accDescr: A runner polls.\n", "");
    says(&dir, "listings/traces/one.mmd:1: the diagram cannot be drawn: ");
}

#[test]
fn a_module_that_uses_a_later_chapter() {
    let dir = with("listings/src/part/one/first.rs", "    1\n", "    crate::part::two::g()\n");
    says(&dir, "listings/src/part/one/first.rs:3: uses `part::two`, a later chapter");
}

#[test]
fn a_module_without_a_chapter() {
    let dir = book(&[("listings/src/part/nine/a.rs", "#[test]\nfn t() {}\n")]);
    says(&dir, "listings/src/part/nine/a.rs: there is no chapter `part/nine`");
}

#[test]
fn a_listing_on_two_pages() {
    let dir =
        with("src/part/two.md", "See", "```rust\n{{#include ../../listings/src/part/one/first.rs:f}}\n```\n\nSee");
    says(
        &dir,
        "src/part/two.md: `#listing-part-one-first-f` already stands in \
         src/part/one.md",
    );
}

#[test]
fn a_page_that_is_not_in_the_summary() {
    let dir = book(&[("src/part/three.md", "# Three\n")]);
    says(&dir, "src/part/three.md: is not in SUMMARY.md");
}

#[test]
fn a_chapter_that_is_not_there() {
    let dir = book(&[]);
    fs::remove_file(dir.path().join("src/part/two.md")).unwrap();
    let why = Source::load(dir.path()).map(|_| ()).unwrap_err().to_string();
    assert!(why.starts_with("src/SUMMARY.md: "), "{why}");
    assert!(why.contains("two.md"), "{why}");
}

#[test]
fn a_folder_without_a_book() {
    let why = Source::load(Path::new("/")).map(|_| ()).unwrap_err().to_string();
    assert!(why.contains("no book.toml"), "{why}");
}

#[test]
fn a_chapter_without_a_description() {
    let dir = book(&[("src/part/two.md", "# Two\n\nSee one.\n")]);
    says(&dir, "src/part/two.md:1: no description: write `<!-- description:");
}

#[test]
fn a_description_that_is_too_short_too_long_or_doubled() {
    let two = "src/part/two.md";
    let long = "who begins and never ends ".repeat(6);
    let short = with(two, ", for whoever begins at the second page", "");
    says(&short, "src/part/two.md:2: the description has 24 characters");
    let long = with(two, "whoever begins", &long);
    says(&long, "src/part/two.md:2: the description has 2");
    let twice = with(two, "See", "<!-- description: Again. -->\nSee");
    says(&twice, "src/part/two.md:3: a second description");
}

#[test]
fn a_description_of_another_chapter() {
    let dir = with(
        "src/part/two.md",
        "Where the first step is, for whoever begins at the second page.",
        "What a first step is, what it prints, and what the compiler says.",
    );
    says(&dir, "src/part/two.md:2: the description is that of src/part/one.md");
}

#[test]
fn a_description_is_in_the_head_and_not_on_the_page() {
    let html = page(&book(&[]), "part/two.html");
    let description = "Where the first step is, for whoever begins at";
    let (head, body) = html.split_once("</head>").expect("a head");
    assert_eq!(head.matches(description).count(), 2, "{head}");
    assert!(!body.contains(description), "{body}");
    assert_eq!(head.matches("<title>").count(), 1, "{head}");
}

#[test]
fn a_book_that_does_not_say_where_it_is_published() {
    let setting = "site-url = \"https://example.org/small/\"\n";
    for (ill, why) in [("", "add `site-url"), ("site-url = \"/\"\n", "whole")] {
        let dir = with("book.toml", setting, ill);
        let said = Source::load(dir.path()).map(|_| ()).unwrap_err();
        let said = said.to_string();
        assert!(said.starts_with("book.toml: "), "{said}");
        assert!(said.contains(why) && !said.contains('\n'), "{said}");
    }
}

#[test]
fn a_setting_that_mdbook_does_not_know() {
    let section = "[output.html.playground]";
    let wrong = format!("[output.html.redirects]\n\"/a.html\" = \"b\"\n{section}");
    let dir = with("book.toml", section, &wrong);
    let why = Source::load(dir.path()).map(|_| ()).unwrap_err();
    let why = format!("{why:#}");
    assert!(why.starts_with("book.toml: ") && why.contains("redirects"), "{why}");
}

#[test]
fn a_redirected_page_is_left_alone_and_its_address_is_kept() {
    let dir = with(
        "book.toml",
        "[output.html.playground]",
        "[output.html.redirect]\n\"/part/old.html\" = \"two.html\"\n\
         [output.html.playground]",
    );
    let old = page(&dir, "part/old.html");
    assert!(old.contains("url=two.html") || old.contains("URL=two.html"));
    fs::create_dir(dir.path().join("ci")).unwrap();
    fs::write(dir.path().join(addresses::LIST), "part/old.html\npart/gone.html\n").unwrap();
    let book = Source::load(dir.path()).unwrap();
    let out = dir.path().join("out");
    let (_, wrong) = addresses::compare_with_list(&out, &book, true).unwrap();
    let [line] = &wrong[..] else { panic!("{wrong:?}") };
    assert!(line.starts_with("part/gone.html is gone"), "{line}");
    let list = fs::read_to_string(dir.path().join(addresses::LIST)).unwrap();
    assert!(list.contains("part/one.html#output-one_prints\n"), "{list}");
    assert!(list.contains("part/old.html\n"), "{list}");
    let mut sorted: Vec<&str> = list.lines().collect();
    sorted.sort_unstable();
    assert_eq!(list.lines().collect::<Vec<_>>(), sorted);
}

#[test]
fn the_previews_of_a_built_book_are_whole() {
    let dir = book(&[]);
    page(&dir, "index.html");
    let (out, book) = (dir.path().join("out"), Source::load(dir.path()).unwrap());
    assert_eq!(previews::outside_world(&out, &book).unwrap(), Vec::<String>::new());
    let two = out.join("part/two.html");
    let html = fs::read_to_string(&two).unwrap();
    fs::write(&two, html.replace("og:image\"", "image\"")).unwrap();
    fs::write(out.join("cards/part/one.png"), "none").unwrap();
    let wrong = previews::outside_world(&out, &book).unwrap().join("\n");
    let tag = "part/two.html: `<meta property=\"og:image\"";
    assert!(wrong.contains(tag), "{wrong}");
    assert!(wrong.contains("part/one.html: the card is not (1200"), "{wrong}");
}

/// The files of the book, and them packed anew after `change`.
fn packed(dir: &TempDir, change: impl Fn(&mut Output)) -> Result<Output, String> {
    let source = Source::load(dir.path()).expect("the book loads");
    let mut files = book_files(&source, false).expect("it builds");
    change(&mut files);
    match offline::add(&source, &mut files) {
        Ok(()) => Ok(files),
        Err(why) => Err(format!("{why:#}")),
    }
}

/// What is wrong with the archive and the EPUB.
fn unpacked(dir: &TempDir) -> String {
    let out = dir.path().join("out");
    let (wrong, _) = ci::check::offline::broken_files(&out, &OfflineFiles::of("Small")).unwrap();
    wrong.join("\n")
}

/// Writes the EPUB anew, without `gone` and with `from` replaced by `to`.
fn change_epub(dir: &TempDir, gone: &str, from: &str, to: &str) {
    let path = dir.path().join("out/small.epub");
    let mut old = zip::ZipArchive::new(File::open(&path).unwrap()).unwrap();
    let mut new = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for n in 0..old.len() {
        let mut file = old.by_index(n).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        if let Ok(text) = str::from_utf8(&bytes) {
            bytes = text.replace(from, to).into_bytes();
        }
        if name != gone {
            let how = zip::write::SimpleFileOptions::default().compression_method(file.compression());
            new.start_file(name, how).unwrap();
            new.write_all(&bytes).unwrap();
        }
    }
    drop(old);
    fs::write(&path, new.finish().unwrap().into_inner()).unwrap();
}

#[test]
fn the_files_to_take_along_are_whole_and_the_same_each_time() {
    let dir = book(&[]);
    page(&dir, "index.html");
    assert_eq!(unpacked(&dir), "");
    // They do not pack each other.
    assert!(packed(&dir, |_| {}) == packed(&dir, |_| {}));
}

#[test]
fn a_cover_that_is_not_there() {
    let gone = |files: &mut Output| drop(files.remove("cards/part/one.png"));
    let why = packed(&book(&[]), gone).unwrap_err();
    let cover = "cards/part/one.png: the EPUB's cover is the card of the \
                 first page";
    assert!(why.starts_with(cover), "{why}");
}

#[test]
fn a_theme_without_a_style_for_the_epub() {
    let dir = book(&[]);
    fs::remove_file(dir.path().join("theme/epub.css")).unwrap();
    let source = Source::load(dir.path()).unwrap();
    let why = format!("{:#}", book_files(&source, false).unwrap_err());
    assert!(why.contains("theme/epub.css"), "{why}");
}

#[test]
fn a_page_in_the_archive_that_needs_a_server() {
    let dir = book(&[]);
    page(&dir, "index.html");
    let more = "<a href=\"/part/one.html\">a</a><a href=\"gone.html\">b</a>\
                <a href=\"one.html#gone\">c</a></main>";
    let files = packed(&dir, |files| {
        let two = files.get_mut("part/two.html").unwrap();
        let html = String::from_utf8(two.clone()).unwrap();
        *two = html.replace("</main>", more).into_bytes();
    });
    for (name, bytes) in files.unwrap() {
        if name.starts_with("small.") {
            fs::write(dir.path().join("out").join(name), bytes).unwrap();
        }
    }
    let wrong = unpacked(&dir);
    for expected in [
        "small.zip: part/two.html: `href=\"/` starts at the root of a server",
        "small.zip: part/two.html: the link `gone.html` leads nowhere",
        "small.epub: book/part/two.xhtml: the link `one.xhtml#gone` leads \
         nowhere: book/part/one.xhtml has no id `gone`",
    ] {
        assert!(wrong.contains(expected), "{wrong}");
    }
}

#[test]
fn a_first_page_that_does_not_offer_the_files() {
    let dir = with("src/part/one.md", "<!-- offline -->\n", "");
    page(&dir, "index.html");
    let wrong = unpacked(&dir);
    assert!(wrong.contains("index.html: no link to small.zip"), "{wrong}");
    assert!(wrong.contains("`<!-- offline -->`"), "{wrong}");
}

#[test]
fn an_epub_that_is_not_whole() {
    for (gone, from, to, expected) in [
        ("book/cover.png", "", "", "`cover.png` leads nowhere: there is no"),
        ("", "id=\"i1\"", "id=\"i0\"", "the id `i0` stands twice"),
        ("", "</h1>", "", "book/contents.xhtml: "),
        ("", "</desc>", "</desc>a", "one.xhtml: loose text in a <svg>"),
        ("", "id=\"listing-", "id=\"l-", "has no id `listing-part-one-first"),
        ("", "application/epub+zip", "zip", "does not start with its mimetype"),
        ("", "properties=\"svg\"", "", "wrong about SVG"),
        ("", "<dc:creator>One", "<dc:creator>", "it has no creator"),
        ("", "accessibilitySummary", "accessMode", "accessibilitySummary"),
        ("", " role=\"doc-toc\"", "", "contents.xhtml: the table of contents"),
        ("META-INF/container.xml", "", "", "META-INF/container.xml: No such"),
    ] {
        let dir = book(&[]);
        page(&dir, "index.html");
        // A replacement of nothing would replace everywhere.
        let from = if from.is_empty() { "\0" } else { from };
        change_epub(&dir, gone, from, to);
        let wrong = unpacked(&dir);
        assert!(wrong.contains(expected), "expected `{expected}` in:\n{wrong}");
    }
}

/// What a build says of `book` with `text` at the end of its second page.
fn said_of(text: &str) -> String {
    let two = "src/part/two.md";
    let (_, good) = GOOD.iter().find(|(name, _)| *name == two).expect(two);
    let dir = book(&[(two, &format!("{good}\n{text}\n"))]);
    let source = Source::load(dir.path()).expect("the book loads");
    match book_files(&source, true) {
        Ok(files) => String::from_utf8(files["part/two.html"].clone()).unwrap(),
        Err(why) => format!("{why:#}"),
    }
}

#[test]
fn what_mdbook_only_warns_of_is_a_mistake_with_its_line() {
    for (text, expected) in [
        ("a x<T> b", "src/part/two.md:9: mdBook warns: unclosed HTML tag `<t>`"),
        ("a[^a]\n\n[^a]: b\n\n[^a]: c", "src/part/two.md:13: mdBook warns: foot"),
        ("a\n\n[^a]: b", "src/part/two.md:11: mdBook warns: footnote `a`"),
        ("a[^a]", "src/part/two.md:9: the footnote `a` is defined nowhere"),
    ] {
        let said = said_of(text);
        assert!(said.starts_with(expected), "{text}: {said}");
    }
}

#[test]
fn every_spelling_of_a_directive_is_an_error_or_an_include() {
    let first = "../../listings/src/part/one/first.rs";
    for (text, expected) in [
        ("{{ #include ../../gone.txt }}", "two.md:9: a file is included in a"),
        ("{{#title X}}", "two.md:9: `{{#title}}` is not used"),
        ("```rust\n{{ #include FIRST:nope }}\n```", "two.md:10: `listings/src/part/one/first.rs` has no anchor"),
        ("```rust\n{{ #include FIRST:2:2 }}\n```", "two.md:10: `../../listings/src/part/one/first.rs:2:2` names lines"),
        ("```rust\n{{ #playground FIRST }}\n```", "two.md:10: a fence holds either"),
        ("```rs\nlet a;\n```", "two.md:9: `rs` is no language"),
        ("<pre><code class=\"language-rust\">a</code></pre>", "two.md:9: code is written as HTML"),
        ("<details><summary>S</summary>\n```text\na\n```\n</details>", "two.md:10: this fence stands within HTML"),
        ("```\nfn main() {}\n```", "two.md:9: a fence says its language"),
        ("```text,step=first\na\n```", "two.md:9: `step=first` means nothing"),
        (
            "```text title\n{{#include ../../listings/examples/outputs/\
             one_prints.txt}}\n```",
            "two.md:9: `title` means nothing here",
        ),
        ("<!-- a\n\nb", "two.md:9: mdBook warns: html parse error"),
        ("## ::", "two.md:9: a heading without a word"),
        ("a\u{1b}[31mb", "two.md:9: the character U+001B"),
    ] {
        let said = said_of(&text.replace("FIRST", first));
        let expected = format!("src/part/{expected}");
        assert!(said.contains(&expected), "{text}: {said}");
    }
}

#[test]
fn a_fence_keeps_its_lines_in_a_list_and_in_a_quote() {
    for text in [
        "- ```text\n  a\n    b\n  ```\n- c",
        "1. ```text\n   a\n     b\n   ```",
        "- > ```text\n  > a\n  >   b\n  > ```",
        "> d\n>\n>```text\n>a\n>   b\n>```\n>\n> e",
        "f\n: ```text\n  a\n    b\n  ```",
        "```text\na\n  b\n```\nright *under* it",
    ] {
        let html = said_of(text);
        let code = "<pre><code>a\n  b\n</code></pre>";
        assert!(html.contains(code), "{text}: {html}");
        assert!(!html.contains("```"), "{html}");
    }
    assert!(said_of("```text\na\n```\nright *under* it").contains("<em>under"));
}

#[test]
fn an_odd_heading_is_read_as_mdbook_reads_it() {
    let html = said_of(
        "## Read [x](one.md) first\n\n## Notes {#custom .wide}\n\n\
         ## Of <https://example.org/>",
    );
    for part in [
        "<li><a href=\"#read-x-first\">Read x first</a></li>",
        "<li><a href=\"#custom\">Notes</a></li>",
        ">Of https://example.org/</a></li>",
    ] {
        assert!(html.contains(part), "no `{part}` in {html}");
    }
}

#[test]
fn names_and_plans_in_the_summary_are_refused_before_anything_is_written() {
    let summary = "# Summary\n\n- [One](part/one.md)\n- [Two](part/two.md)\n";
    for (line, expected) in [
        ("- [Planned]()", "src/SUMMARY.md:5: `Planned` has no page"),
        ("- [R](part/README.md)", "src/SUMMARY.md:5: `part/README.md` cannot"),
        ("- [A](part/a&b.md)", "src/SUMMARY.md:5: `part/a&b.md` cannot be"),
        ("- [T](<part/t w.md>)", "src/SUMMARY.md:5: `part/t w.md` cannot be"),
    ] {
        let dir = book(&[
            ("src/SUMMARY.md", &format!("{summary}{line}\n")),
            ("src/part/README.md", "# R\n"),
            ("src/part/a&b.md", "# A\n"),
            ("src/part/t w.md", "# T\n"),
        ]);
        let source = Source::load(dir.path()).unwrap();
        let why = build_book(&source, &Options::default()).unwrap_err();
        let why = why.to_string();
        assert!(why.contains(expected), "{line}: {why}");
        assert!(!dir.path().join("book").exists());
    }
}

#[test]
fn levels_and_numbers_are_those_of_the_summary() {
    let dir = book(&[("src/SUMMARY.md", "# Summary\n\n- [One](part/one.md)\n  - [Two](part/two.md)\n")]);
    let html = page(&dir, "part/two.html");
    assert!(html.contains("<b>1.1.</b> Two"), "{html}");
    assert!(html.contains("Chapter 1.1 of 1"), "{html}");
}

#[test]
fn a_folder_with_anything_but_a_book_is_never_replaced() {
    let dir = book(&[("notes/mine.txt", "mine")]);
    let source = Source::load(dir.path()).unwrap();
    for folder in [".", "..", "src", "listings", "theme", "notes"] {
        let destination = Some(dir.path().join(folder));
        let options = Options { destination, live_reload: false };
        let why = build_book(&source, &options).unwrap_err().to_string();
        assert!(why.contains("name a folder"), "{folder}: {why}");
    }
    let dir = with("book.toml", "[output.html]", "[build]\nbuild-dir = \".\"\n[output.html]");
    let source = Source::load(dir.path()).unwrap();
    let why = build_book(&source, &Options::default()).unwrap_err().to_string();
    assert!(why.contains("holds the book's sources"), "{why}");
    assert!(dir.path().join("src/part/one.md").is_file());
}

#[test]
fn what_an_editor_leaves_is_not_published() {
    let dir = book(&[
        ("src/part/.one.md.swp", "x"),
        ("src/part/one.md~", "x"),
        ("src/part/#one.md#", "x"),
        ("src/part/one.md.orig", "x"),
        ("src/part/data.csv", "x"),
    ]);
    let source = Source::load(dir.path()).unwrap();
    let files = book_files(&source, true).unwrap();
    let beside: Vec<_> = files.keys().filter(|name| name.starts_with("part/") && !name.ends_with(".html")).collect();
    assert_eq!(beside, ["part/data.csv"]);
}

#[test]
fn a_file_that_would_take_the_place_of_another_is_named() {
    let summary = format!("{}- [X](programs/one_prints.md)\n", GOOD[1].1);
    let file = [("src/part/two.html", "mine")];
    let chapter = [("src/SUMMARY.md", &*summary), ("src/programs/one_prints.md", "# X\n")];
    for (changes, name) in [(&file[..], "part/two.html"), (&chapter[..], "programs/one_prints.html")] {
        let dir = book(changes);
        let source = Source::load(dir.path()).unwrap();
        let why = book_files(&source, false).unwrap_err().to_string();
        assert!(why.contains(&format!("would be named `{name}`")), "{why}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_behind_a_link_is_read_and_what_is_no_file_is_not() {
    let dir = book(&[("src/part/data.csv", "x")]);
    let (part, elsewhere) = (dir.path().join("src/part"), dir.path().join("elsewhere"));
    fs::rename(&part, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &part).unwrap();
    // It would be read for ever.
    let _socket = std::os::unix::net::UnixListener::bind(part.join("socket")).unwrap();
    let files = book_files(&Source::load(dir.path()).unwrap(), true).unwrap();
    assert!(files.contains_key("part/two.html"));
    assert!(files.contains_key("part/data.csv"));
    assert!(!files.contains_key("part/socket"));
    // A link that goes in a circle.
    std::os::unix::fs::symlink(&part, part.join("again")).unwrap();
    let source = Source::load(dir.path()).unwrap();
    let why = book_files(&source, true).unwrap_err().to_string();
    assert!(why.contains("loop"), "{why}");
}

#[test]
fn a_link_that_leads_to_its_own_page_is_one_in_the_epub_too() {
    let html = said_of("See [here](?a) and [there](#listing-exercises-own-stub)");
    assert!(html.contains("href=\"?a\""), "{html}");
    let (_, good) = GOOD[3];
    let dir = book(&[("src/part/two.md", &format!("{good}\n[here](?a)\n"))]);
    page(&dir, "index.html");
}

#[test]
fn a_style_or_a_script_that_does_not_parse() {
    for (file, text, expected) in [
        ("book.css", ".x { color: red;\n", "theme/book.css:1: this block has no"),
        ("page.js", "let a = ;\n", "theme/page.js:1: this is no JavaScript"),
        ("index.hbs", "<script></script>{{{contnt}}}", "theme/index.hbs has no `{{{content}}}`"),
    ] {
        let dir = book(&[]);
        fs::write(dir.path().join("theme").join(file), text).unwrap();
        let source = Source::load(dir.path()).unwrap();
        let why = book_files(&source, true).unwrap_err().to_string();
        assert!(why.starts_with(expected), "{why}");
    }
}

/// The small book as the live server builds it, and looks at it again.
struct Live {
    dir: TempDir,
    served: Served,
    rebuilding: Rebuilding,
}

impl Live {
    fn of(dir: TempDir) -> Live {
        let served = Served::new(dir.path().join("target/served")).unwrap();
        let rebuilding = Rebuilding::new(dir.path(), &served);
        Live { dir, served, rebuilding }
    }

    fn path(&self, file: &str) -> std::path::PathBuf {
        self.dir.path().join(file)
    }

    /// Writes a file, with a time that differs from the one before on every file
    /// system.
    fn save(&self, file: &str, text: &str) {
        let path = self.path(file);
        let before = fs::metadata(&path).and_then(|it| it.modified());
        fs::write(&path, text).unwrap();
        if let Ok(before) = before {
            let later = before + std::time::Duration::from_secs(5);
            File::options().write(true).open(&path).and_then(|file| file.set_modified(later)).unwrap();
        }
    }

    fn page(&self, name: &str) -> String {
        let newest = self.served.newest().expect("a build that succeeded");
        fs::read_to_string(newest.join(name)).expect(name)
    }
}

#[test]
fn an_edit_is_built_once_and_no_edit_is_not() {
    let mut live = Live::of(book(&[]));
    assert!(live.rebuilding.look(), "the first build");
    while live.rebuilding.look() {
        // What the chapters include is on the list from now on.
    }
    let text = fs::read_to_string(live.path("src/part/one.md")).unwrap();
    live.save("src/part/one.md", &format!("{text}\nA new line.\n"));
    assert!(live.rebuilding.look());
    assert!(live.page("part/one.html").contains("A new line."));
    assert!(!live.rebuilding.look(), "built again for nothing");
}

#[test]
fn a_build_that_failed_is_tried_again_and_the_good_pages_stay() {
    let mut live = Live::of(book(&[]));
    assert!(live.rebuilding.look());
    let step = "listings/src/part/one/first.rs";
    let good = fs::read_to_string(live.path(step)).unwrap();
    live.save(step, "pub fn f() {}\n");
    assert!(!live.rebuilding.look(), "the anchor is gone");
    assert!(live.page("part/one.html").contains("cargo test part::one::first"));
    // The file has its old time again, so nothing that is watched tells of it.
    let broken = fs::metadata(live.path(step)).unwrap().modified().unwrap();
    fs::write(live.path(step), good).unwrap();
    File::options().write(true).open(live.path(step)).and_then(|file| file.set_modified(broken)).unwrap();
    assert!(live.rebuilding.look(), "it is tried again");
}

#[test]
fn an_included_file_outside_of_the_folders_is_watched() {
    let with_notes =
        with("src/part/two.md", "See [one]", "```text\n{{#include ../../notes/words.txt}}\n```\n\nSee [one]");
    fs::create_dir(with_notes.path().join("notes")).unwrap();
    fs::write(with_notes.path().join("notes/words.txt"), "old\n").unwrap();
    let mut live = Live::of(with_notes);
    while live.rebuilding.look() {
        // The list of included files is that of the build before.
    }
    live.save("notes/words.txt", "entirely new\n");
    assert!(live.rebuilding.look());
    assert!(live.page("part/two.html").contains("entirely new"));
}

#[cfg(unix)]
#[test]
fn the_target_of_a_link_is_watched_and_a_lock_is_not() {
    let dir = book(&[]);
    let (linked, elsewhere) = (dir.path().join("src/part/two.md"), dir.path().join("elsewhere.md"));
    fs::rename(&linked, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &linked).unwrap();
    let mut live = Live::of(dir);
    while live.rebuilding.look() {}
    let text = fs::read_to_string(&elsewhere).unwrap();
    live.save("elsewhere.md", &format!("{text}\nBehind a link.\n"));
    assert!(live.rebuilding.look());
    assert!(live.page("part/two.html").contains("Behind a link."));
    // What editors put beside a file that is open: a link to nowhere, a swap
    // file, a backup.
    let lock = live.path("src/part/.#two.md");
    std::os::unix::fs::symlink("me@here.1234", lock).unwrap();
    fs::write(live.path("src/part/.two.md.swp"), "swap").unwrap();
    fs::write(live.path("src/part/two.md~"), "backup").unwrap();
    assert!(!live.rebuilding.look(), "an editor's file was built");
    let built = live.served.newest().expect("a build");
    let names: Vec<_> = fs::read_dir(built.join("part")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    // An edit of another page while the lock is there.
    let one = fs::read_to_string(live.path("src/part/one.md")).unwrap();
    live.save("src/part/one.md", &format!("{one}\nWith a lock beside.\n"));
    assert!(live.rebuilding.look());
    assert!(live.page("part/one.html").contains("With a lock beside."));
}

#[test]
fn a_file_of_another_length_with_the_old_time_is_built() {
    let mut live = Live::of(book(&[]));
    while live.rebuilding.look() {}
    let file = live.path("src/part/two.md");
    let before = fs::metadata(&file).unwrap().modified().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\nPut in its place.\n")).unwrap();
    File::options().write(true).open(&file).and_then(|file| file.set_modified(before)).unwrap();
    assert!(live.rebuilding.look());
    assert!(live.page("part/two.html").contains("Put in its place."));
}

#[test]
fn what_is_saved_while_the_first_build_runs_is_built_next() {
    let mut live = Live::of(book(&[]));
    assert!(live.rebuilding.look());
    // As if it had come in the middle: the list was taken before the build.
    live.save("src/part/two.md", &GOOD[3].1.replace("See [one]", "Look at [one]"));
    assert!(live.rebuilding.look());
    assert!(live.page("part/two.html").contains("Look at"));
}
