//! Whether the archive and the EPUB of a built book are whole.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use roxmltree::{Document, Node, ParsingOptions};
use zip::{CompressionMethod, ZipArchive};

use super::links;
use super::run::{Passed, Run, built, find};
use crate::disk;
use crate::links::slashed;
use crate::problem;
use crate::site::OfflineFiles;
use crate::write::offline::unpack;

const SVG: &str = "http://www.w3.org/2000/svg";

/// Looks at the two files, and asks epubcheck where it is installed.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let (folder, book) = built(run)?;
    let files = OfflineFiles::of(&book.site.title);
    let (mut wrong, links) = broken_files(&folder, &files)?;
    let readme = fs::read_to_string(run.root.join("README.md"))?;
    for file in [&files.archive, &files.epub] {
        let link = book.site.address.of(file);
        if !readme.contains(&format!("]({link})")) {
            wrong.push(format!("README.md: no link to {link}"));
        }
    }
    problem::none_of(&wrong)?;
    let size = |name: &str| fs::metadata(folder.join(name)).map(|m| m.len());
    let note =
        format!("{} kB and {} kB, {links} links resolve", size(&files.archive)? / 1000, size(&files.epub)? / 1000);
    // Too large to ask everybody for it: what it knows of is asked above.
    let (Some(epubcheck), Some(java)) = (find("epubcheck"), find("java")) else {
        return Passed::note(note);
    };
    // Debian's is a Java archive, which only some systems start by itself.
    let is_archive = fs::read(&epubcheck)?.starts_with(b"PK");
    let mut check = run.program(if is_archive { &java } else { &epubcheck });
    if is_archive {
        check.arg("-jar").arg(&epubcheck);
    }
    run.said("epubcheck", check.arg(folder.join(&files.epub)).arg("--failonwarnings"))?;
    Passed::note(format!("{note}; epubcheck finds nothing"))
}

/// What is wrong with the two files in `folder`, a line for each, and how many
/// pages and links of them were looked at.
///
/// # Errors
/// When one of them is not there or is no zip file.
pub fn broken_files(folder: &Path, files: &OfflineFiles) -> Result<(Vec<String>, usize)> {
    let (of_archive, links) = archive(folder, files)?;
    let (of_epub, more) = epub(&folder.join(&files.epub))?;
    let of_archive = of_archive.iter().map(|why| format!("{}: {why}", files.archive));
    let of_epub = of_epub.iter().map(|why| format!("{}: {why}", files.epub));
    let mut wrong: Vec<String> = of_archive.chain(of_epub).collect();
    for page in ["index.html", "print.html"] {
        let html = fs::read_to_string(folder.join(page)).unwrap_or_default();
        for file in [&files.archive, &files.epub] {
            if !html.contains(&format!("href=\"{file}\"")) {
                wrong.push(format!(
                    "{page}: no link to {file}: `<!-- offline -->` on the first page is where they belong"
                ));
            }
        }
    }
    Ok((wrong, links + more))
}

/// The archive, as it is when it is unpacked.
fn archive(folder: &Path, files: &OfflineFiles) -> Result<(Vec<String>, usize)> {
    let to = tempfile::tempdir()?;
    let unpacked = unpack(folder, files, to.path())?;
    let (mut wrong, links) = links::broken_links(&unpacked, &["html"])?;
    for path in disk::below(&unpacked, "html") {
        let page = slashed(path.strip_prefix(&unpacked)?);
        let html = disk::text(&path)?;
        for root in ["href=\"/", "src=\"/", "<base "] {
            if html.contains(root) {
                wrong.push(format!("{page}: `{root}` starts at the root of a server"));
            }
        }
    }
    for entry in fs::read_dir(to.path())? {
        let path = entry?.path();
        if path != unpacked {
            wrong.push(format!("{} stands beside the folder", path.strip_prefix(to.path())?.display()));
        }
    }
    Ok((wrong, links))
}

/// The EPUB: a zip file that begins with its format, in which every file is XML
/// that can be read and every link leads somewhere.
fn epub(path: &Path) -> Result<(Vec<String>, usize)> {
    let mut zip = ZipArchive::new(File::open(path).with_context(|| path.display().to_string())?)?;
    let to = tempfile::tempdir()?;
    zip.extract(to.path())?;
    let (mut wrong, links) = links::broken_links(to.path(), &["xhtml", "opf"])?;
    let mut first = zip.by_index(0)?;
    let mut format = String::new();
    first.read_to_string(&mut format)?;
    let is_plain = first.compression() == CompressionMethod::Stored;
    if first.name()? != "mimetype" || !is_plain || format != "application/epub+zip" {
        wrong.push("it does not start with its mimetype".to_string());
    }
    let package = to.path().join("book/book.opf");
    let container = to.path().join("META-INF/container.xml");
    let listed = disk::text(&package).unwrap_or_default();
    for path in disk::below(to.path(), "xhtml").chain([container, package]) {
        let file = slashed(path.strip_prefix(to.path())?);
        let looked = disk::text(&path).and_then(|text| look(&file, &text, &listed));
        let looked = looked.unwrap_or_else(|why| vec![format!("{why:#}")]);
        wrong.extend(looked.iter().map(|why| format!("{file}: {why}")));
    }
    Ok((wrong, links))
}

/// What is wrong with a file of XML, other than its links. `package` lists it,
/// and says of a page whether it has a drawing.
fn look(file: &str, text: &str, package: &str) -> Result<Vec<String>> {
    let options = ParsingOptions { allow_dtd: true, ..Default::default() };
    let xml = Document::parse_with_options(text, options)?;
    let all = |name| xml.descendants().filter(move |it| it.tag_name().name() == name);
    let mut wrong = Vec::new();
    if file.ends_with(".opf") {
        for fact in ["identifier", "title", "language", "creator"] {
            if all(fact).all(|node| node.text().is_none()) {
                wrong.push(format!("it has no {fact}"));
            }
        }
        // Readers who cannot see ask for it before they open a book.
        let summary = "schema:accessibilitySummary";
        let is_said = |node: Node<'_, '_>| {
            node.attribute("property") == Some(summary) && node.text().is_some_and(|text| !text.trim().is_empty())
        };
        if !all("meta").any(is_said) {
            wrong.push(format!("it has no {summary}"));
        }
    }
    if file == "book/contents.xhtml" && all("nav").all(|nav| nav.attribute("role") != Some("doc-toc")) {
        wrong.push("the table of contents has no role `doc-toc`".into());
    }
    if let Some(page) = file.strip_prefix("book/")
        && file.ends_with(".xhtml")
    {
        let item = package.split("<item ").find(|item| item.contains(&format!("href=\"{page}\"")));
        let is_drawn = all("svg").next().is_some();
        match item.map(|item| item.contains("properties=\"svg\"")) {
            None => wrong.push("it is not in the manifest".into()),
            Some(said) if said != is_drawn => wrong.push("the manifest is wrong about SVG".into()),
            Some(_) => {}
        }
    }
    let is_text = |node: Node<'_, '_>| node.is_text() && !node.text().unwrap_or_default().trim().is_empty();
    for node in xml.descendants().filter(|it| it.tag_name().namespace() == Some(SVG)) {
        let name = node.tag_name().name();
        if !["text", "tspan", "title", "desc"].contains(&name) && node.children().any(is_text) {
            wrong.push(format!("loose text in a <{name}>"));
        }
    }
    Ok(wrong)
}
