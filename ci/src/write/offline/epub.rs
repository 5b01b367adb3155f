//! The EPUB: the pages' text, their diagrams as SVG, and what EPUB 3 asks for
//! around them.

use anyhow::{Context as _, Result};
use html_escape::encode_double_quoted_attribute as quoted;
use serde::Serialize;
use serde_json::{Value, json};
use zip::CompressionMethod;

use super::super::folder::Output;
use super::archive::{Zip, compression};
use super::xhtml;
use crate::disk;
use crate::draw::palette::rules_of_theme;
use crate::links::{leads_outside, resolve, to_root};
use crate::read::source::Source;
use crate::site::{Entry, Site, chapters};
use crate::write::head::CARD_SIZE;
use crate::write::programs;
use crate::write::templates::filled;

/// The folder in the EPUB that has everything but what names it.
const INSIDE: &str = "book/";

const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <container version=\"1.0\" \
    xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\
    <rootfiles><rootfile full-path=\"book/book.opf\" \
    media-type=\"application/oebps-package+xml\"/></rootfiles></container>\n";

/// The kind of a file of the text.
const TEXT: &str = "application/xhtml+xml";

/// A line of the manifest, with the file it names.
#[derive(Serialize)]
struct Item {
    /// Below [`INSIDE`].
    file: String,
    kind: &'static str,
    /// `svg`, `nav`, `cover-image`, or nothing.
    properties: &'static str,
    #[serde(skip)]
    bytes: Vec<u8>,
}

/// The EPUB of the book whose files are `files`.
pub fn epub(source: &Source, files: &Output) -> Result<Vec<u8>> {
    let site = &source.site;
    let first = chapters(&source.contents).next();
    let (_, first, _) = first.context("a book has a chapter")?;
    let card = format!("cards/{}.png", first.trim_end_matches(".html"));
    let cover = files.get(&card).with_context(|| format!("{card}: the EPUB's cover is the card of the first page"))?;
    let mut items = vec![
        text_item(site, "cover.xhtml", &site.title, &cover_page(site)),
        text_item(site, "contents.xhtml", "Contents", &contents(&source.contents, first)),
    ];
    items[1].properties = "nav";
    let mut pictures = Vec::new();
    let programs = site.address.of(&format!("{}/", programs::FOLDER));
    for (title, page, _) in chapters(&source.contents) {
        let html = files.get(page).with_context(|| page.to_string())?;
        let html = String::from_utf8_lossy(html);
        let mut link = |to: &str| {
            let (to, picture) = target(source, files, page, to);
            pictures.extend(picture);
            to
        };
        let web = site.address.of(page);
        let body = xhtml::xhtml(&html, &web, &programs, &mut link);
        items.push(text_item(site, &inside(page), title, &body));
    }
    let theme = source.root.join("theme");
    let mut css = disk::text(&theme.join("epub.css"))?;
    let diagrams = disk::text(&theme.join("diagrams.css"))?;
    css += &rules_of_theme(&diagrams, "light", "#ffffff");
    let mut other = |file: &str, kind, properties, bytes| {
        items.push(Item { file: file.into(), kind, properties, bytes });
    };
    other("book.css", "text/css", "", css.into_bytes());
    other("text.woff2", "font/woff2", "", disk::bytes(&theme.join("fonts/text.woff2"))?);
    other("cover.png", "image/png", "cover-image", cover.clone());
    pictures.sort();
    pictures.dedup();
    for (file, kind) in pictures {
        other(&file, kind, "", files[&file].clone());
    }
    let mut zip = Zip::new();
    // First and as it is: that is how a reader knows the format.
    let format = b"application/epub+zip";
    zip.add("mimetype", format, CompressionMethod::Stored)?;
    let deflated = CompressionMethod::Deflated;
    zip.add("META-INF/container.xml", CONTAINER.as_bytes(), deflated)?;
    let changed = source.changed.values().max();
    let package = package(site, changed.map(String::as_str), &items);
    zip.add(&format!("{INSIDE}book.opf"), package.as_bytes(), deflated)?;
    for Item { file, bytes, .. } in &items {
        zip.add(&format!("{INSIDE}{file}"), bytes, compression(file))?;
    }
    zip.bytes()
}

/// The name of a page in the EPUB.
fn inside(page: &str) -> String {
    format!("{}.xhtml", page.trim_end_matches(".html"))
}

/// Where the link `to` of `page` leads in the EPUB: to its page there, to a
/// picture, which comes along, or to the book on the web.
fn target(source: &Source, files: &Output, page: &str, to: &str) -> (String, Option<(String, &'static str)>) {
    if leads_outside(to) || to.starts_with('#') {
        return (to.into(), None);
    }
    let (path, section) = to.split_at(to.find(['#', '?']).unwrap_or(to.len()));
    let target = resolve(page, path).map(|it| it.file).unwrap_or_default();
    if let Some(name) = path.strip_suffix(".html")
        && chapters(&source.contents).any(|(_, page, _)| page == target)
    {
        return (format!("{name}.xhtml{section}"), None);
    }
    let kind = match target.rsplit_once('.').map(|(_, end)| end) {
        Some("png") => Some("image/png"),
        Some("svg") => Some("image/svg+xml"),
        Some("jpg" | "jpeg") => Some("image/jpeg"),
        _ => None,
    };
    match kind {
        Some(kind) if files.contains_key(&target) => (to.into(), Some((target, kind))),
        _ => (format!("{}{section}", source.site.address.of(&target)), None),
    }
}

/// A file of the text.
fn text_item(site: &Site, file: &str, title: &str, body: &str) -> Item {
    let data = json!({
        "up": to_root(file),
        "language": site.language,
        "title": title,
        "body": body,
    });
    let text = filled("text.xhtml", &data);
    let drawn = text.contains("<svg ");
    Item { file: file.into(), kind: TEXT, properties: if drawn { "svg" } else { "" }, bytes: text.into_bytes() }
}

fn cover_page(site: &Site) -> String {
    let (width, height) = CARD_SIZE;
    format!(
        "<p class=\"cover\"><img src=\"cover.png\" alt=\"{}\" width=\"{width}\" height=\"{height}\"/></p>",
        quoted(&site.title)
    )
}

/// The table of contents, with the parts as its first level.
fn contents(entries: &[Entry], first: &str) -> String {
    let is_part = |entry: &Entry| matches!(entry, Entry::Part(_));
    let chapters = |entries: &[Entry]| -> Vec<Value> {
        let each = chapters(entries)
            .map(|(title, page, number)| json!({ "title": title, "to": inside(page), "number": number }));
        each.collect()
    };
    let parts = entries.chunk_by(|_, next| !is_part(next)).map(|part| {
        let title = match &part[0] {
            Entry::Part(title) => Some(title),
            Entry::Chapter { .. } => None,
        };
        json!({ "title": title, "chapters": chapters(part) })
    });
    let parts: Vec<Value> = parts.collect();
    let data = json!({ "parts": parts, "first": inside(first) });
    filled("contents.xhtml", &data)
}

/// `book.opf`: what the book is, what it is made of, in which order.
fn package(book: &Site, changed: Option<&str>, items: &[Item]) -> String {
    let all = items.iter().enumerate();
    let spine = all.filter(|(_, item)| item.kind == TEXT).map(|(n, _)| n);
    let data = json!({
        "language": book.language,
        "address": book.address.of("index.html"),
        "title": book.title,
        "authors": book.authors,
        "description": book.description,
        "changed": changed.unwrap_or("1980-01-01T00:00:00Z"),
        "items": items,
        "spine": spine.collect::<Vec<_>>(),
    });
    filled("book.opf", &data)
}
