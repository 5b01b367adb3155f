//! The live server behind `cargo book`.

use std::collections::BTreeMap;
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

use crate::disk::{self, is_left_over};
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
        disk::clear(&below)?;
        Ok(Served { below, newest_first: Arc::default() })
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
            let _ = fs::remove_dir_all(old);
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

/// The file from the first of the folders that has it.
fn answer(served: &Served, request: &Request) -> Response<Cursor<Vec<u8>>> {
    let url = request.url();
    let address = url.split_once('?').map_or(url, |(address, _)| address);
    let file = file_of(address);
    let folders = served.folders();
    let read = |file: &Path| folders.iter().find_map(|folder| fs::read(folder.join(file)).ok());
    let (status, kind, bytes) = match file.as_deref().and_then(read) {
        _ if address == NEWEST => (200, "text/plain", served.name().into()),
        Some(bytes) => (200, kind_of(file.as_deref()), bytes),
        None => {
            let waits = "There is no book yet: its mistakes are in the terminal.";
            (404, "text/html", read(Path::new("404.html")).unwrap_or_else(|| waits.into()))
        }
    };
    let answer = |bytes| {
        let answer = Response::from_data(bytes).with_status_code(status).with_chunked_threshold(usize::MAX);
        answer.with_header(header("Content-Type", kind)).with_header(header("Cache-Control", "no-store"))
    };
    // A site compresses what it sends, and its weight is what `cargo ci` holds.
    #[cfg(feature = "check")]
    if let Some(packed) = packed(request, kind, &bytes) {
        return answer(packed).with_header(header("Content-Encoding", "gzip"));
    }
    answer(bytes)
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("both are plain text")
}

/// How a file is named to a browser.
fn kind_of(file: Option<&Path>) -> &'static str {
    match file.and_then(|file| file.extension()?.to_str()) {
        Some("css") => "text/css",
        Some("html") => "text/html",
        Some("jpg") => "image/jpeg",
        Some("js") => "text/javascript",
        Some("png") => "image/png",
        Some("rs") => "text/plain; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        Some("xml") => "text/xml",
        _ => "application/octet-stream",
    }
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

/// The bytes with gzip, where the browser takes that and they are not compressed already.
#[cfg(feature = "check")]
fn packed(request: &Request, kind: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write as _;
    let takes_gzip = |it: &Header| it.field.equiv("Accept-Encoding") && it.value.as_str().contains("gzip");
    if !request.headers().iter().any(takes_gzip) || ["image/png", "image/jpeg", "font/woff2"].contains(&kind) {
        return None;
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).ok()?;
    packed.finish().ok()
}

/// Builds the book. Returns how many pages it has, and the files that the chapters
/// include, wherever they are.
fn build(root: &Path, served: &Served) -> Result<(usize, Vec<PathBuf>)> {
    let book = Source::load(root)?;
    let next = served.next_folder();
    let (_, pages) = build_book(&book, &Options { destination: Some(next.clone()), live_reload: true })?;
    served.show(next);
    let uses = book.chapters.iter().flat_map(|(_, chapter)| &chapter.uses);
    Ok((pages, uses.map(|(target, _)| root.join(&target.file)).collect()))
}

/// Builds the book again whenever a source has changed since the last build
/// began, and after a build that failed: what was in its way may be gone.
pub struct Rebuilding {
    root: PathBuf,
    served: Served,
    /// The sources as the last build found them.
    seen: BTreeMap<PathBuf, Option<State>>,
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
            seen: BTreeMap::new(),
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
        match build(&self.root, &self.served) {
            Ok((pages, included)) => {
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
fn sources(root: &Path, included: &[PathBuf]) -> BTreeMap<PathBuf, Option<State>> {
    let all = SOURCES.into_iter().chain(["book.toml"]);
    let in_folders = all.flat_map(|name| {
        WalkDir::new(root.join(name))
            .follow_links(true)
            .into_iter()
            .filter_entry(|entry| entry.file_name() != "target")
            // An editor's lock is a link to nowhere, and its owner's business.
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .filter(|entry| !is_left_over(&entry.file_name().to_string_lossy()))
            .map(walkdir::DirEntry::into_path)
    });
    let state = |path: &Path| {
        let file = fs::metadata(path).ok()?;
        Some((file.modified().ok()?, file.len()))
    };
    in_folders.chain(included.iter().cloned()).map(|path| (path.clone(), state(&path))).collect()
}
