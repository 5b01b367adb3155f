//! The EPUB: the pages' text, their diagrams as SVG, and what EPUB 3 asks for
//! around them.

use anyhow::{Context as _, Result};
use html_escape::encode_double_quoted_attribute as quoted;
use html_escape::encode_text;
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

/// The EPUB of the book whose files are `files`.
pub fn epub(source: &Source, files: &Output) -> Result<Vec<u8>> {
    let site = &source.site;
    let first = chapters(&source.contents).next();
    let (_, first, _) = first.context("a book has a chapter")?;
    let card = format!("cards/{}.png", first.trim_end_matches(".html"));
    let cover = files.get(&card).with_context(|| {
        format!("{card}: the EPUB's cover is the card of the first page")
    })?;
    let mut items = vec![
        text_item(site, "cover.xhtml", &site.title, &cover_page(site)),
        text_item(
            site,
            "contents.xhtml",
            "Contents",
            &contents(&source.contents, first),
        ),
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
    other(
        "text.woff2",
        "font/woff2",
        "",
        disk::bytes(&theme.join("fonts/text.woff2"))?,
    );
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
fn target(
    source: &Source,
    files: &Output,
    page: &str,
    to: &str,
) -> (String, Option<(String, &'static str)>) {
    if leads_outside(to) || to.starts_with('#') {
        return (to.into(), None);
    }
    let (path, section) = to.split_at(to.find(['#', '?']).unwrap_or(to.len()));
    let target = resolve(page, path).map(|it| it.file).unwrap_or_default();
    if chapters(&source.contents).any(|(_, page, _)| page == target) {
        let end = path.len() - ".html".len();
        return (format!("{}.xhtml{section}", &path[..end]), None);
    }
    let kind = match target.rsplit_once('.').map(|(_, end)| end) {
        Some("png") => Some("image/png"),
        Some("svg") => Some("image/svg+xml"),
        Some("jpg" | "jpeg") => Some("image/jpeg"),
        _ => None,
    };
    match kind {
        Some(kind) if files.contains_key(&target) => {
            (to.into(), Some((target, kind)))
        }
        _ => (format!("{}{section}", source.site.address.of(&target)), None),
    }
}

/// A file of the text.
fn text_item(site: &Site, file: &str, title: &str, body: &str) -> Item {
    let up = to_root(file);
    let language = quoted(&site.language);
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

fn cover_page(site: &Site) -> String {
    let (width, height) = CARD_SIZE;
    format!(
        "<p class=\"cover\"><img src=\"cover.png\" alt=\"{}\" \
         width=\"{width}\" height=\"{height}\"/></p>",
        quoted(&site.title)
    )
}

/// The table of contents, with the parts as its first level.
fn contents(entries: &[Entry], first: &str) -> String {
    let mut list = String::new();
    let mut open = false;
    for entry in entries {
        match entry {
            Entry::Part(title) => {
                if open {
                    list += "</ol></li>\n";
                }
                open = true;
                let title = encode_text(title);
                list += &format!("<li><span>{title}</span><ol>\n");
            }
            Entry::Chapter { title, page, number, .. } => {
                let (to, title) = (inside(page), encode_text(title));
                let number = number.as_ref().map(|n| format!("{n}. "));
                let number = number.unwrap_or_default();
                list +=
                    &format!("<li><a href=\"{to}\">{number}{title}</a></li>\n");
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
fn package(book: &Site, changed: Option<&str>, items: &[Item]) -> String {
    let changed = changed.unwrap_or("1980-01-01T00:00:00Z");
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
