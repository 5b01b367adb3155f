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
    let (mut wrong, mut links) = archive(folder, files)?;
    let (broken, more) = epub(folder, files)?;
    wrong.extend(broken);
    links += more;
    for page in ["index.html", "print.html"] {
        let html = fs::read_to_string(folder.join(page)).unwrap_or_default();
        for file in [&files.archive, &files.epub] {
            if !html.contains(&format!("href=\"{file}\"")) {
                wrong.push(format!(
                    "{page}: no link to {file}: the first page has the comment \
                     `<!-- offline -->` where they belong"
                ));
            }
        }
    }
    Ok((wrong, links))
}

/// The archive, as it is when it is unpacked.
fn archive(folder: &Path, files: &OfflineFiles) -> Result<(Vec<String>, usize)> {
    let name = &files.archive;
    let to = tempfile::tempdir()?;
    let unpacked = unpack(folder, files, to.path())?;
    let (broken, links) = links::broken_links(&unpacked, &["html"])?;
    let mut wrong: Vec<String> = broken.into_iter().map(|why| format!("{name}: {why}")).collect();
    for path in disk::below(&unpacked, "html") {
        let page = slashed(path.strip_prefix(&unpacked)?);
        let html = disk::text(&path)?;
        for root in ["href=\"/", "src=\"/", "<base "] {
            if html.contains(root) {
                wrong.push(format!("{name}: {page}: `{root}` starts at the root of a server"));
            }
        }
    }
    for entry in fs::read_dir(to.path())? {
        let path = entry?.path();
        if path != unpacked {
            let path = path.strip_prefix(to.path())?.display().to_string();
            wrong.push(format!("{name}: {path} stands beside the folder"));
        }
    }
    Ok((wrong, links))
}

/// The EPUB: a zip file that begins with its format, in which every file is XML
/// that can be read and every link leads somewhere.
fn epub(folder: &Path, files: &OfflineFiles) -> Result<(Vec<String>, usize)> {
    let path = folder.join(&files.epub);
    let says = || path.display().to_string();
    let mut zip = ZipArchive::new(File::open(&path).with_context(says)?)?;
    let mut wrong = Vec::new();
    let mut first = zip.by_index(0)?;
    let mut format = String::new();
    let is_first = first.name()? == "mimetype" && first.compression() == CompressionMethod::Stored;
    first.read_to_string(&mut format)?;
    drop(first);
    if !is_first || format != "application/epub+zip" {
        wrong.push("it does not start with its mimetype".to_string());
    }
    let to = tempfile::tempdir()?;
    zip.extract(to.path())?;
    let (broken, links) = links::broken_links(to.path(), &["xhtml", "opf"])?;
    wrong.extend(broken);
    let package = to.path().join("book/book.opf");
    let package = disk::text(&package).unwrap_or_default();
    let pages = disk::below(to.path(), "xhtml");
    let container = to.path().join("META-INF/container.xml");
    for path in pages.chain([container, to.path().join("book/book.opf")]) {
        let file = slashed(path.strip_prefix(to.path())?);
        let read = fs::read_to_string(&path).map_err(anyhow::Error::from);
        let looked = read.and_then(|text| look(&file, &text, &package));
        wrong.extend(
            match looked {
                Ok(loose) => loose,
                Err(why) => vec![why.to_string()],
            }
            .into_iter()
            .map(|why| format!("{file}: {why}")),
        );
    }
    let named = wrong.iter().map(|why| format!("{}: {why}", files.epub));
    Ok((named.collect(), links))
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
    }
    if let Some(page) = file.strip_prefix("book/")
        && file.ends_with(".xhtml")
    {
        let item = package.split("<item ").find(|item| item.contains(&format!("href=\"{page}\"")));
        let item = item.unwrap_or_default();
        if item.is_empty() {
            wrong.push("it is not in the manifest".into());
        }
        let drawn = all("svg").next().is_some();
        if drawn != item.contains("properties=\"svg\"") {
            wrong.push("the manifest is wrong about SVG".into());
        }
    }
    for node in xml.descendants() {
        let texts = ["text", "tspan", "title", "desc"];
        let name = node.tag_name();
        let loose = name.namespace() == Some(SVG)
            && !texts.contains(&name.name())
            && node.children().filter(Node::is_text).any(|child| !child.text().unwrap_or_default().trim().is_empty());
        if loose {
            wrong.push(format!("loose text in a <{}>", name.name()));
        }
    }
    Ok(wrong)
}
