//! The live server: it tells pages to reload, gives nothing that is outside of
//! the book, and says in one line what is wrong.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;

use ci::serve;
use tempfile::TempDir;

struct Served {
    port: u16,
    built: serve::Served,
    _folder: TempDir,
}

fn served() -> Served {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book");
    fs::create_dir(&book).unwrap();
    fs::write(book.join("index.html"), "the first page").unwrap();
    fs::write(book.join("404.html"), "no such page").unwrap();
    fs::write(folder.path().join("secret"), "not in the book").unwrap();
    let built = serve::Served::folder(&book);
    on_loopback(built, folder)
}

fn on_loopback(built: serve::Served, folder: TempDir) -> Served {
    let (server, url) = serve::listen(0).unwrap();
    let port = url.rsplit_once(':').unwrap().1.parse().unwrap();
    let pages = built.clone();
    thread::spawn(move || serve::answer_all(&server, &pages));
    Served { port, built, _folder: folder }
}

/// Sends the bytes as they are: no client that mends the path first.
fn raw(served: &Served, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn get(served: &Served, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    raw(served, &request)
}

#[test]
fn a_page_is_served_and_never_cached() {
    let answer = get(&served(), "/");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("the first page"), "{answer}");
    assert!(answer.contains("Cache-Control: no-store"), "{answer}");
}

#[test]
fn a_missing_page_gives_the_books_own_404() {
    let answer = get(&served(), "/gone.html");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert!(answer.contains("no such page"), "{answer}");
}

#[test]
fn nothing_outside_of_the_book_is_given() {
    let served = served();
    for path in ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "//secret"] {
        let answer = get(&served, path);
        assert!(!answer.contains("not in the book"), "{path}: {answer}");
    }
}

#[test]
fn a_malformed_request_does_not_end_the_server() {
    let served = served();
    let answer = raw(&served, "no request at all\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(get(&served, "/").contains("the first page"));
}

#[test]
fn an_open_page_learns_of_each_build() {
    let served = served();
    let asked = || {
        let answer = get(&served, "/__newest");
        answer.split_once("\r\n\r\n").expect("a body").1.to_string()
    };
    let before = asked();
    assert_eq!(before, asked());
    served.built.show(served.built.next_folder());
    assert_ne!(before, asked());
}

#[test]
fn a_port_that_is_taken_is_one_clear_line() {
    let served = served();
    let root = tempfile::tempdir().unwrap();
    let why = serve::serve(root.path(), served.port, false).unwrap_err().to_string();
    assert!(why.contains("cannot be used"), "{why}");
    assert!(why.contains("--port"), "{why}");
}

#[test]
fn no_answer_is_404_while_builds_are_swapped_in() {
    let below = tempfile::tempdir().unwrap();
    let built = serve::Served::new(below.path().join("built")).unwrap();
    let build = |n: usize| {
        let folder = built.next_folder();
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("style-{n}.css")), "a").unwrap();
        fs::write(folder.join("index.html"), format!("style-{n}.css")).unwrap();
        fs::write(folder.join("404.html"), "no such page").unwrap();
        built.show(folder);
    };
    build(0);
    let served = on_loopback(built.clone(), below);
    for n in 1..=12 {
        let page = get(&served, "/");
        let (_, style) = page.split_once("\r\n\r\n").expect("a body");
        build(n);
        // The page that was sent before the swap asks for its style after it.
        for path in ["/", &format!("/{}", style.trim())] {
            let answer = get(&served, path);
            assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        }
    }
}
