//! The live server behind `cargo book`.

use std::fs;
use std::io::Cursor;
use std::net::Ipv4Addr;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Error, Result};
use percent_encoding::percent_decode_str;
use tiny_http::{Header, Request, Response, Server};
use walkdir::WalkDir;

use crate::disk::is_left_over;
use crate::read::source::Source;
use crate::write::build::{Options, build_book};
use crate::write::folder::SOURCES;

/// Answers which build is served: an open page asks, and reloads when the
/// answer is another.
const NEWEST: &str = "/__newest";

/// Builds the book below `target/book-served`, serves it on loopback and
/// builds again whenever a source changes. Ends with Ctrl-C.
///
/// # Errors
/// When the port is taken. A mistake in the book is printed; the last good
/// pages stay.
pub fn serve(root: &Path, port: u16, open: bool) -> Result<()> {
    let (server, url) = listen(port)?;
    let served = Served::new(root.join("target/book-served"))?;
    let mut rebuilding = Rebuilding::new(root, &served);
    rebuilding.look();
    println!("Serving {url} (Ctrl-C ends it)");
    if open && let Err(why) = open::that(&url) {
        eprintln!("no browser could be opened ({why}); the address is {url}");
    }
    thread::spawn(move || watch_sources(rebuilding));
    answer_all(&server, &served);
    Ok(())
}

/// Listens on a port of loopback, 0 for any that is free; returns its address
/// too.
///
/// # Errors
/// When the port is taken.
pub fn listen(port: u16) -> Result<(Server, String)> {
    let server = Server::http((Ipv4Addr::LOCALHOST, port));
    let server = server.map_err(Error::from_boxed).with_context(|| {
        format!("port {port} cannot be used: choose another with `--port`, or 0 for any that is free")
    })?;
    let port = server.server_addr().to_ip().map_or(port, |it| it.port());
    Ok((server, format!("http://localhost:{port}")))
}

/// The folders that are served: that of the newest build, and the one before,
/// whose style and script a page may still ask for.
#[derive(Debug, Clone)]
pub struct Served {
    /// Below it each build has a folder of its own.
    below: PathBuf,
    newest_first: Arc<RwLock<Vec<PathBuf>>>,
}

impl Served {
    /// Serves what is built below `below`, which is emptied.
    ///
    /// # Errors
    /// When it cannot be emptied.
    pub fn new(below: PathBuf) -> Result<Served> {
        match std::fs::remove_dir_all(&below) {
            Err(why) if why.kind() != std::io::ErrorKind::NotFound => {
                Err(why).with_context(|| below.display().to_string())
            }
            _ => Ok(Served { below, newest_first: Arc::default() }),
        }
    }

    /// Serves one folder as it is.
    pub fn folder(folder: &Path) -> Served {
        let newest_first = Arc::new(RwLock::new(vec![folder.into()]));
        Served { below: folder.into(), newest_first }
    }

    fn folders(&self) -> Vec<PathBuf> {
        let folders = self.newest_first.read();
        folders.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The newest build, if there is one.
    pub fn newest(&self) -> Option<PathBuf> {
        self.folders().first().cloned()
    }

    /// Differs for each build, also from those of a server before this one.
    fn name(&self) -> String {
        let folder = self.newest().unwrap_or_default();
        let build = folder.file_name().unwrap_or_default().to_string_lossy();
        format!("{}-{build}", std::process::id())
    }

    /// Where the next build goes.
    pub fn next_folder(&self) -> PathBuf {
        let number = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u64>().ok();
        let last = self.folders().first().and_then(number).unwrap_or(0);
        self.below.join((last + 1).to_string())
    }

    /// Serves `folder` from now on.
    pub fn show(&self, folder: PathBuf) {
        let mut folders = self.newest_first.write().unwrap_or_else(PoisonError::into_inner);
        folders.insert(0, folder);
        let kept = folders.len().min(2);
        for old in folders.drain(kept..) {
            // What cannot be removed now goes with the next start.
            let _ = std::fs::remove_dir_all(old);
        }
    }
}

/// Answers with the served pages, and says which build they are, until the
/// process ends.
pub fn answer_all(server: &Server, served: &Served) {
    let answer_each = || {
        for request in server.incoming_requests() {
            let answer = answer(served, &request);
            // Who is gone needs no answer.
            let _ = request.respond(answer);
        }
    };
    // A browser that stops reading holds up one of them.
    thread::scope(|scope| {
        (0..4).for_each(|_| drop(scope.spawn(answer_each)));
    });
}

/// How files are named to a browser; none else is told apart.
const KINDS: [(&str, &str); 10] = [
    ("css", "text/css"),
    ("html", "text/html"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript"),
    ("png", "image/png"),
    ("rs", "text/plain; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("wasm", "application/wasm"),
    ("woff2", "font/woff2"),
    ("xml", "text/xml"),
];

/// The file from the first of the folders that has it.
fn answer(served: &Served, request: &Request) -> Response<Cursor<Vec<u8>>> {
    let url = request.url();
    let address = url.split_once('?').map_or(url, |(address, _)| address);
    let file = file_of(address);
    let folders = served.folders();
    let found = file.iter().find_map(|file| folders.iter().find_map(|folder| fs::read(folder.join(file)).ok()));
    let waits = "There is no book yet: its mistakes are in the terminal.";
    let lost = || {
        let lost = folders.first().map(|it| fs::read(it.join("404.html")));
        lost.and_then(Result::ok).unwrap_or_else(|| waits.into())
    };
    let (status, kind, bytes) = match found {
        _ if address == NEWEST => (200, "text/plain", served.name().into()),
        Some(bytes) => (200, kind_of(file.as_deref()), bytes),
        None => (404, "text/html", lost()),
    };
    #[cfg_attr(not(feature = "check"), expect(unused_mut))]
    let mut headers = vec![header("Content-Type", kind), header("Cache-Control", "no-store")];
    // A site compresses what it sends, and its weight is what `cargo ci` holds.
    #[cfg(feature = "check")]
    let bytes = match takes_gzip(request) && !PACKED.contains(&kind) {
        true => {
            headers.push(header("Content-Encoding", "gzip"));
            gzip(&bytes)
        }
        false => bytes,
    };
    let length = bytes.len();
    let bytes = Cursor::new(bytes);
    Response::new(status.into(), headers, bytes, Some(length), None).with_chunked_threshold(usize::MAX)
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("both are plain text")
}

fn kind_of(file: Option<&Path>) -> &'static str {
    let end = file.and_then(|file| file.extension()).unwrap_or_default();
    let known = KINDS.iter().find(|(name, _)| end == *name);
    known.map_or("application/octet-stream", |(_, kind)| kind)
}

/// The file that an address asks for, from the book's root; none where the
/// address leads out of the book.
fn file_of(address: &str) -> Option<PathBuf> {
    let path = percent_decode_str(address).decode_utf8().ok()?;
    let mut file = path.strip_prefix('/')?.to_string();
    if file.is_empty() || file.ends_with('/') {
        file += "index.html";
    }
    let file = PathBuf::from(file);
    let inside = |part| matches!(part, Component::Normal(_));
    file.components().all(inside).then_some(file)
}

/// What is compressed already.
#[cfg(feature = "check")]
const PACKED: [&str; 3] = ["image/png", "image/jpeg", "font/woff2"];

#[cfg(feature = "check")]
fn takes_gzip(request: &Request) -> bool {
    request.headers().iter().any(|it| it.field.equiv("Accept-Encoding") && it.value.as_str().contains("gzip"))
}

#[cfg(feature = "check")]
fn gzip(bytes: &[u8]) -> Vec<u8> {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write as _;
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    let written = packed.write_all(bytes).and_then(|()| packed.finish());
    written.expect("memory takes all")
}

/// Builds the book. Returns how many pages it has, or why there are none, and the
/// files that the chapters include, wherever they are.
fn build(root: &Path, served: &Served) -> (Result<usize>, Vec<PathBuf>) {
    let next = served.next_folder();
    let options = Options { destination: Some(next.clone()), live_reload: true };
    let book = match Source::load(root) {
        Ok(book) => book,
        Err(why) => return (Err(why), Vec::new()),
    };
    let uses = book.chapters.iter().flat_map(|(_, chapter)| &chapter.uses);
    let included = uses.map(|(target, _)| root.join(&target.file)).collect();
    let pages = build_book(&book, &options).map(|(_, pages)| {
        served.show(next);
        pages
    });
    (pages, included)
}

/// Builds the book again whenever a source has changed since the last build
/// began, and after a build that failed: what was in its way may be gone.
pub struct Rebuilding {
    root: PathBuf,
    served: Served,
    /// The sources as the last build found them.
    seen: Vec<(PathBuf, Option<State>)>,
    /// What the chapters include; an include may leave the watched folders.
    included: Vec<PathBuf>,
    /// What the last build said, when it failed.
    failed: Option<String>,
}

impl Rebuilding {
    /// Before the first build: nothing has been seen.
    pub fn new(root: &Path, served: &Served) -> Rebuilding {
        Rebuilding {
            root: root.to_path_buf(),
            served: served.clone(),
            seen: Vec::new(),
            included: Vec::new(),
            failed: None,
        }
    }

    /// Builds if there is a reason to. Returns whether the pages are new.
    pub fn look(&mut self) -> bool {
        // Taken before the build: what is saved meanwhile differs from it.
        let now = sources(&self.root, &self.included);
        if now == self.seen && self.failed.is_none() {
            return false;
        }
        let changed = now != self.seen;
        self.seen = now;
        let start = Instant::now();
        let (pages, included) = build(&self.root, &self.served);
        match pages {
            Ok(pages) => {
                let ms = start.elapsed().as_millis();
                println!("Built {pages} pages in {ms} ms");
                self.failed = None;
                // A file outside of the folders is new to the list, which
                // costs one build more.
                self.included = included;
                true
            }
            Err(why) => {
                let why = format!("{why:#}");
                // A build that fails twice for one reason says so once.
                if changed || self.failed.as_ref() != Some(&why) {
                    eprintln!("{why}\n(the last good pages stay)");
                }
                self.failed = Some(why);
                false
            }
        }
    }
}

/// Polls modification times: a watcher that is told of reads as well would
/// build for ever.
fn watch_sources(mut rebuilding: Rebuilding) {
    loop {
        thread::sleep(match rebuilding.failed {
            // It may fail for long, and a build takes the processor.
            Some(_) => Duration::from_secs(1),
            None => Duration::from_millis(150),
        });
        rebuilding.look();
    }
}

/// When a file was written, and how long it is: one that is put in place of
/// another may have its time.
type State = (SystemTime, u64);

/// Every source with its state: the folders that chapters are
/// made of, through symbolic links, and the `included` files.
fn sources(root: &Path, included: &[PathBuf]) -> Vec<(PathBuf, Option<State>)> {
    let all = SOURCES.into_iter().chain(["book.toml"]);
    let in_folders = all.flat_map(|name| {
        WalkDir::new(root.join(name))
            .follow_links(true)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| entry.file_name() != "target")
            // An editor's lock is a link to nowhere, and its owner's business.
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .filter(|entry| !is_left_over(&entry.file_name().to_string_lossy()))
            .map(walkdir::DirEntry::into_path)
    });
    let mut files: Vec<_> = in_folders.chain(included.iter().cloned()).collect();
    files.sort();
    files.dedup();
    let with_state = |path: PathBuf| {
        let state = |it: fs::Metadata| Some((it.modified().ok()?, it.len()));
        let state = fs::metadata(&path).ok().and_then(state);
        (path, state)
    };
    files.into_iter().map(with_state).collect()
}
