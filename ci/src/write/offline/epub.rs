//! The EPUB: the pages' text, their diagrams as SVG, and what EPUB 3 asks for
//! around them.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use html_escape::encode_double_quoted_attribute as quoted;
use html_escape::encode_text;
use zip::CompressionMethod;

use super::archive::{Zip, how};
use super::{Offline, xhtml};
use crate::draw::palette as style;
use crate::site::Entry;
use crate::write::head::CARD_SIZE;

/// The folder in the EPUB that has everything but what names it.
const INSIDE: &str = "book/";

const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <container version=\"1.0\" \
    xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\
    <rootfiles><rootfile full-path=\"book/book.opf\" \
    media-type=\"application/oebps-package+xml\"/></rootfiles></container>\n";

/// A line of the manifest, with the file it names.
struct Item {
    /// Below [`INSIDE`].
    file: String,
    kind: &'static str,
    /// `svg`, `nav`, `cover-image`, or nothing.
    properties: &'static str,
    bytes: Vec<u8>,
}

/// The EPUB of the book in `folder`.
pub fn of(folder: &Path, with: &Offline<'_>) -> Result<Vec<u8>> {
    let chapters: Vec<(&str, &str)> = with
        .contents
        .iter()
        .filter_map(|entry| match entry {
            Entry::Chapter { title, page, .. } => Some((&**title, &**page)),
            Entry::Part(_) => None,
        })
        .collect();
    let (_, first) = chapters.first().context("a book has a chapter")?;
    let card = format!("cards/{}.png", first.trim_end_matches(".html"));
    let cover = fs::read(folder.join(&card)).with_context(|| {
        format!("{card}: the EPUB's cover is the card of the first page")
    })?;
    let mut items = vec![
        page(with, "cover.xhtml", &with.book.title, &cover_page(with)),
        page(with, "contents.xhtml", "Contents", &contents(with, first)),
    ];
    items[1].properties = "nav";
    let mut pictures = Vec::new();
    for (title, page_of) in &chapters {
        let html = fs::read_to_string(folder.join(page_of))
            .with_context(|| page_of.to_string())?;
        let mut link =
            |to: &str| leads(with, folder, page_of, to, &mut pictures);
        let web = with.book.address.of(page_of);
        let body = xhtml::of(&html, &web, &mut link);
        items.push(page(with, &inside(page_of), title, &body));
    }
    let read = |name: &str| {
        let path = with.root.join("theme").join(name);
        fs::read(&path).with_context(|| path.display().to_string())
    };
    let mut css = String::from_utf8(read("epub.css")?)?;
    let diagrams = String::from_utf8(read("diagrams.css")?)?;
    css += &style::of(&diagrams, "light", "#ffffff");
    let mut other = |file: &str, kind, properties, bytes| {
        items.push(Item { file: file.into(), kind, properties, bytes });
    };
    other("book.css", "text/css", "", css.into_bytes());
    other("text.woff2", "font/woff2", "", read("fonts/text.woff2")?);
    other("cover.png", "image/png", "cover-image", cover);
    pictures.sort();
    pictures.dedup();
    for (file, kind) in pictures {
        let bytes = fs::read(folder.join(&file))?;
        other(&file, kind, "", bytes);
    }
    let mut zip = Zip::new();
    // First and as it is: that is how a reader knows the format.
    let format = b"application/epub+zip";
    zip.add("mimetype", format, CompressionMethod::Stored)?;
    let deflated = CompressionMethod::Deflated;
    zip.add("META-INF/container.xml", CONTAINER.as_bytes(), deflated)?;
    let package = package(with, &items);
    zip.add(&format!("{INSIDE}book.opf"), package.as_bytes(), deflated)?;
    for Item { file, bytes, .. } in &items {
        zip.add(&format!("{INSIDE}{file}"), bytes, how(file))?;
    }
    zip.bytes()
}

/// The name of a page in the EPUB.
fn inside(page: &str) -> String {
    format!("{}.xhtml", page.trim_end_matches(".html"))
}

/// Where the link `to` of `page` leads in the EPUB: to its page there, to a
/// picture that comes along, or to the book on the web.
fn leads(
    with: &Offline<'_>,
    folder: &Path,
    page: &str,
    to: &str,
    pictures: &mut Vec<(String, &'static str)>,
) -> String {
    let outside = ["https:", "http:", "mailto:", "data:", "#"];
    if outside.iter().any(|start| to.starts_with(start)) {
        return to.into();
    }
    let (path, section) = to.split_at(to.find(['#', '?']).unwrap_or(to.len()));
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    let target = parts.join("/");
    let is_chapter = |entry: &Entry| match entry {
        Entry::Chapter { page, .. } => *page == target,
        Entry::Part(_) => false,
    };
    if with.contents.iter().any(is_chapter) {
        let end = path.len() - ".html".len();
        return format!("{}.xhtml{section}", &path[..end]);
    }
    let kind = match target.rsplit_once('.').map(|(_, end)| end) {
        Some("png") => Some("image/png"),
        Some("svg") => Some("image/svg+xml"),
        Some("jpg" | "jpeg") => Some("image/jpeg"),
        _ => None,
    };
    match kind {
        Some(kind) if folder.join(&target).is_file() => {
            pictures.push((target, kind));
            to.into()
        }
        _ => format!("{}{section}", with.book.address.of(&target)),
    }
}

/// A file of the text.
fn page(with: &Offline<'_>, file: &str, title: &str, body: &str) -> Item {
    let up = "../".repeat(file.matches('/').count());
    let language = quoted(&with.book.language);
    let title = encode_text(title);
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" \
         xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"{language}\" \
         xml:lang=\"{language}\">\n<head>\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"{up}book.css\"/>\n</head>\n\
         <body>\n{body}\n</body>\n</html>\n"
    );
    let drawn = text.contains("<svg ");
    Item {
        file: file.into(),
        kind: "application/xhtml+xml",
        properties: if drawn { "svg" } else { "" },
        bytes: text.into_bytes(),
    }
}

fn cover_page(with: &Offline<'_>) -> String {
    let (width, height) = CARD_SIZE;
    format!(
        "<p class=\"cover\"><img src=\"cover.png\" alt=\"{}\" \
         width=\"{width}\" height=\"{height}\"/></p>",
        quoted(&with.book.title)
    )
}

/// The table of contents, with the parts as its first level.
fn contents(with: &Offline<'_>, first: &str) -> String {
    let mut list = String::new();
    let mut open = false;
    for entry in with.contents {
        match entry {
            Entry::Part(title) => {
                if open {
                    list += "</ol></li>\n";
                }
                open = true;
                let title = encode_text(title);
                list += &format!("<li><span>{title}</span><ol>\n");
            }
            Entry::Chapter { title, page, .. } => {
                let (to, title) = (inside(page), encode_text(title));
                list += &format!("<li><a href=\"{to}\">{title}</a></li>\n");
            }
        }
    }
    if open {
        list += "</ol></li>\n";
    }
    format!(
        "<nav epub:type=\"toc\" role=\"doc-toc\" id=\"toc\"><h1>Contents</h1><ol>\n{list}\
         </ol></nav>\n<nav epub:type=\"landmarks\" hidden=\"hidden\"><ol>\
         <li><a epub:type=\"cover\" href=\"cover.xhtml\">Cover</a></li>\
         <li><a epub:type=\"toc\" href=\"#toc\">Contents</a></li>\
         <li><a epub:type=\"bodymatter\" href=\"{}\">Start</a></li>\
         </ol></nav>",
        inside(first)
    )
}

/// `book.opf`: what the book is, what it is made of, in which order.
fn package(with: &Offline<'_>, items: &[Item]) -> String {
    let book = with.book;
    let changed = with.changed.as_deref().unwrap_or("1980-01-01T00:00:00Z");
    let mut facts = String::new();
    for (name, text) in [
        ("title", &book.title),
        ("language", &book.language),
        ("creator", &book.authors),
        ("description", &book.description),
    ] {
        if !text.is_empty() {
            let text = encode_text(text);
            facts += &format!("<dc:{name}>{text}</dc:{name}>\n");
        }
    }
    for (name, text) in [
        ("dcterms:modified", changed),
        ("schema:accessMode", "textual"),
        ("schema:accessMode", "visual"),
        ("schema:accessModeSufficient", "textual"),
        ("schema:accessibilityFeature", "tableOfContents"),
        ("schema:accessibilityFeature", "structuralNavigation"),
        ("schema:accessibilityFeature", "alternativeText"),
        ("schema:accessibilityFeature", "longDescription"),
        ("schema:accessibilityHazard", "none"),
        (
            "schema:accessibilitySummary",
            "The text is structured by headings and read in order. Each \
             diagram has a title and a description of what it shows. Code is \
             text; its colors and the marks of changed lines are told in \
             another way as well.",
        ),
    ] {
        facts += &format!("<meta property=\"{name}\">{text}</meta>\n");
    }
    let (mut manifest, mut spine) = (String::new(), String::new());
    for (n, item) in items.iter().enumerate() {
        let Item { file, kind, properties, .. } = item;
        let properties = match properties.is_empty() {
            true => String::new(),
            false => format!(" properties=\"{properties}\""),
        };
        manifest += &format!(
            "<item id=\"i{n}\" href=\"{}\" media-type=\"{kind}\"\
             {properties}/>\n",
            quoted(file)
        );
        if kind.ends_with("xhtml+xml") {
            spine += &format!("<itemref idref=\"i{n}\"/>\n");
        }
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" \
         unique-identifier=\"address\" xml:lang=\"{}\">\n\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
         <dc:identifier id=\"address\">{}</dc:identifier>\n{facts}\
         </metadata>\n<manifest>\n{manifest}</manifest>\n\
         <spine>\n{spine}</spine>\n</package>\n",
        quoted(&book.language),
        book.address.of("index.html"),
    )
}
