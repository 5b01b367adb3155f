//! The live server behind `cargo book`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;
use walkdir::WalkDir;

use crate::read::source::Source;
use crate::write::build::{Options, clear};

const SOCKET: &str = "__livereload";

/// Builds the book into `target/book-served`, serves it on loopback and
/// builds again whenever a source changes. Ends with Ctrl-C.
///
/// # Errors
/// When the port is taken or the runtime cannot start. A mistake in the book
/// is printed; the last good pages stay.
pub fn serve(root: &Path, port: u16, open: bool) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the server's runtime did not start")?;
    runtime.block_on(async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!(
                "port {port} cannot be used: \
                     choose another with `--port`, or 0 for any that is free"
            )
        })?;
        let port = listener.local_addr()?.port();
        let folder = root.join("target/book-served");
        clear(&folder)?;
        let (changed, watching) = watch::channel(0_u64);
        build(root, &folder);
        let url = format!("http://localhost:{port}");
        println!("Serving {url} (Ctrl-C ends it)");
        if open && let Err(why) = open::that(&url) {
            eprintln!(
                "no browser could be opened ({why}); the address is {url}"
            );
        }
        let root = root.to_path_buf();
        let rebuilt = folder.clone();
        std::thread::spawn(move || watch_sources(&root, &rebuilt, &changed));
        axum::serve(listener, router(&folder, watching))
            .with_graceful_shutdown(async {
                // Without a signal handler Ctrl-C ends the process anyway.
                let _ = tokio::signal::ctrl_c().await;
                std::process::exit(0);
            })
            .await?;
        Ok(())
    })
}

/// The pages in `folder` and the socket that says when they changed.
pub fn router(folder: &Path, changed: watch::Receiver<u64>) -> Router {
    let pages = ServeDir::new(folder)
        .not_found_service(ServeFile::new(folder.join("404.html")));
    let fresh = HeaderValue::from_static("no-store");
    Router::new()
        .route(&format!("/{SOCKET}"), get(socket))
        .with_state(changed)
        .fallback_service(pages)
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, fresh))
        .layer(CompressionLayer::new())
}

async fn socket(
    upgrade: WebSocketUpgrade,
    State(mut changed): State<watch::Receiver<u64>>,
) -> Response {
    // Here, not once the socket is open: what changes from now on counts.
    changed.mark_unchanged();
    upgrade.on_upgrade(move |socket| tell(socket, changed))
}

async fn tell(mut socket: WebSocket, mut changed: watch::Receiver<u64>) {
    while changed.changed().await.is_ok() {
        // The page reloads and opens a socket of its own.
        if socket.send(Message::text("reload")).await.is_err() {
            return;
        }
    }
}

fn build(root: &Path, folder: &Path) -> bool {
    let start = Instant::now();
    // Written beside the served folder, so that a failed build leaves it.
    let next = folder.with_extension("next");
    let options =
        Options { destination: Some(next.clone()), live_reload: true };
    let built = Source::load(root).and_then(|book| {
        let (_, pages) = book.build(&options)?;
        clear(folder)?;
        std::fs::rename(&next, folder)?;
        Ok(pages)
    });
    match built {
        Ok(pages) => {
            println!(
                "Built {pages} pages in {} ms",
                start.elapsed().as_millis()
            );
            true
        }
        Err(why) => {
            eprintln!("{why:#}\n(the last good pages stay)");
            false
        }
    }
}

/// Polls modification times: a watcher that is told of reads as well would
/// build for ever.
fn watch_sources(root: &Path, folder: &Path, changed: &watch::Sender<u64>) {
    let mut last = newest(root);
    loop {
        std::thread::sleep(Duration::from_millis(300));
        let now = newest(root);
        if now != last {
            last = now;
            if build(root, folder) {
                changed.send_modify(|n| *n += 1);
            }
        }
    }
}

/// Every source with its modification time.
fn newest(root: &Path) -> Vec<(PathBuf, Option<SystemTime>)> {
    let sources = [
        "book.toml",
        "src",
        "listings",
        "proofs",
        "boundary",
        "exercises",
        "theme",
    ];
    sources
        .iter()
        .flat_map(|name| {
            WalkDir::new(root.join(name))
                .sort_by_file_name()
                .into_iter()
                .filter_entry(|e| e.file_name() != "target")
        })
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let time = entry.metadata().ok().and_then(|m| m.modified().ok());
            (entry.into_path(), time)
        })
        .collect()
}
