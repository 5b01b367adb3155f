//! Whether the archive and the EPUB of a built book are whole.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use roxmltree::{Document, Node, ParsingOptions};
use zip::{CompressionMethod, ZipArchive};

use super::links;
use super::run::{Passed, Run, built, command, find};
use crate::disk;
use crate::links::{resolve, slashed};
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
    let note = format!(
        "{} kB and {} kB, {links} links resolve",
        size(&files.archive)? / 1000,
        size(&files.epub)? / 1000
    );
    // Too large to ask everybody for it: what it knows of is asked above.
    let (Some(epubcheck), Some(java)) = (find("epubcheck"), find("java"))
    else {
        return Passed::note(note);
    };
    // Debian's is a Java archive, which only some systems start by itself.
    let is_archive = fs::read(&epubcheck)?.starts_with(b"PK");
    let program = if is_archive { &java } else { &epubcheck };
    command(run, "epubcheck", program, |c| {
        if is_archive {
            c.arg("-jar").arg(&epubcheck);
        }
        c.arg(folder.join(&files.epub)).arg("--failonwarnings");
    })?;
    Passed::note(format!("{note}; epubcheck finds nothing"))
}

/// What is wrong with the two files in `folder`, a line for each, and how many
/// pages and links of them were looked at.
///
/// # Errors
/// When one of them is not there or is no zip file.
pub fn broken_files(
    folder: &Path,
    files: &OfflineFiles,
) -> Result<(Vec<String>, usize)> {
    let (mut wrong, mut links) = archive(folder, files)?;
    let epub = Epub::read(&folder.join(&files.epub))?;
    wrong.extend(epub.check(&mut links));
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
fn archive(
    folder: &Path,
    files: &OfflineFiles,
) -> Result<(Vec<String>, usize)> {
    let name = &files.archive;
    let to = tempfile::tempdir()?;
    let unpacked = unpack(folder, files, to.path())?;
    let (broken, links) = links::broken_links(&unpacked)?;
    let mut wrong: Vec<String> =
        broken.into_iter().map(|why| format!("{name}: {why}")).collect();
    for path in disk::below(&unpacked, "html") {
        let page = slashed(path.strip_prefix(&unpacked)?);
        let html = disk::text(&path)?;
        for root in ["href=\"/", "src=\"/", "<base "] {
            if html.contains(root) {
                wrong.push(format!(
                    "{name}: {page}: `{root}` starts at the root of a server"
                ));
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

/// The files of an EPUB, in their order, and whether each is compressed.
struct Epub {
    name: String,
    order: Vec<(String, CompressionMethod)>,
    files: BTreeMap<String, Vec<u8>>,
}

/// `base` with the relative `link`, and its fragment.
fn resolved(base: &str, link: &str) -> (String, Option<String>) {
    let to = resolve(base, link);
    to.map(|to| (to.file, to.fragment)).unwrap_or_default()
}

impl Epub {
    fn read(path: &Path) -> Result<Epub> {
        let says = || path.display().to_string();
        let mut zip = ZipArchive::new(File::open(path).with_context(says)?)?;
        let (mut order, mut files) = (Vec::new(), BTreeMap::new());
        for n in 0..zip.len() {
            let mut file = zip.by_index(n)?;
            let name = file.name()?.into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).with_context(says)?;
            order.push((name.clone(), file.compression()));
            files.insert(name, bytes);
        }
        let name = path.file_name().unwrap_or_default();
        Ok(Epub { name: name.to_string_lossy().into_owned(), order, files })
    }

    fn text(&self, file: &str) -> Result<&str, String> {
        let bytes = self.files.get(file);
        let bytes = bytes.ok_or_else(|| format!("there is no {file}"))?;
        str::from_utf8(bytes).map_err(|why| format!("{file}: {why}"))
    }

    fn check(&self, links: &mut usize) -> Vec<String> {
        let mut wrong = Vec::new();
        if let Err(why) = self.look(&mut wrong, links) {
            wrong.push(why);
        }
        wrong.iter().map(|why| format!("{}: {why}", self.name)).collect()
    }

    fn look(
        &self,
        wrong: &mut Vec<String>,
        links: &mut usize,
    ) -> Result<(), String> {
        let stored = CompressionMethod::Stored;
        if self.order.first() != Some(&("mimetype".to_string(), stored))
            || self.text("mimetype")? != "application/epub+zip"
        {
            wrong.push("it does not start with its mimetype".into());
        }
        let container = self.text("META-INF/container.xml")?;
        let container = parse("container.xml", container)?;
        let package = all(&container, "rootfile")
            .find_map(|file| file.attribute("full-path"))
            .ok_or("container.xml names no package")?;
        let opf = parse(package, self.text(package)?)?;
        let mut ids = HashSet::new();
        let mut listed = BTreeSet::new();
        let mut pages = Vec::new();
        for item in all(&opf, "item") {
            let of = |name| item.attribute(name).unwrap_or_default();
            let (file, _) = resolved(package, of("href"));
            if !ids.insert(of("id")) {
                wrong.push(format!("the id `{}` stands twice", of("id")));
            }
            if !self.files.contains_key(&file) {
                wrong.push(format!("the manifest has {file}, the file not"));
            } else if of("media-type") == "application/xhtml+xml" {
                pages.push((file.clone(), of("properties") == "svg"));
            }
            listed.insert(file);
        }
        for item in all(&opf, "itemref") {
            let id = item.attribute("idref").unwrap_or_default();
            if !ids.contains(id) {
                wrong.push(format!("the spine asks for `{id}`"));
            }
        }
        for (file, _) in &self.order {
            let known = file == "mimetype" || file == package;
            if !known
                && !file.starts_with("META-INF/")
                && !listed.contains(file)
            {
                wrong.push(format!("{file} is not in the manifest"));
            }
        }
        for fact in ["identifier", "title", "language", "creator"] {
            if all(&opf, fact).all(|node| node.text().is_none()) {
                wrong.push(format!("{package}: it has no {fact}"));
            }
        }
        self.pages(&pages, wrong, links)
    }

    fn pages(
        &self,
        pages: &[(String, bool)],
        wrong: &mut Vec<String>,
        links: &mut usize,
    ) -> Result<(), String> {
        let mut ids: BTreeMap<&str, HashSet<String>> = BTreeMap::new();
        let mut leads = Vec::new();
        for (page, svg) in pages {
            let xhtml = parse(page, self.text(page)?)?;
            let ids = ids.entry(page).or_default();
            for node in xhtml.descendants() {
                if let Some(id) = node.attribute("id")
                    && !ids.insert(id.to_string())
                {
                    wrong.push(format!("{page}: the id `{id}` stands twice"));
                }
                let text = ["text", "tspan", "title", "desc"];
                let loose = node.tag_name().namespace() == Some(SVG)
                    && !text.contains(&node.tag_name().name())
                    && node.children().filter(Node::is_text).any(|child| {
                        !child.text().unwrap_or_default().trim().is_empty()
                    });
                if loose {
                    let what = node.tag_name().name();
                    wrong.push(format!("{page}: loose text in a <{what}>"));
                }
                let link = node.attribute("href").or(node.attribute("src"));
                leads.extend(link.map(|link| (page, link.to_string())));
            }
            if all(&xhtml, "svg").next().is_some() != *svg {
                wrong.push(format!("{page}: the manifest is wrong about SVG"));
            }
        }
        for (page, link) in leads {
            *links += 1;
            if link.contains(':') {
                continue;
            }
            let (file, fragment) = resolved(page, &link);
            let why = match fragment {
                _ if !self.files.contains_key(&file) => {
                    format!("there is no {file}")
                }
                Some(id)
                    if !ids
                        .get(&*file)
                        .is_some_and(|all| all.contains(&id)) =>
                {
                    format!("{file} has no id `{id}`")
                }
                _ => continue,
            };
            wrong.push(format!(
                "{page}: the link `{link}` leads nowhere: {why}"
            ));
        }
        Ok(())
    }
}

fn parse<'a>(file: &str, text: &'a str) -> Result<Document<'a>, String> {
    let options = ParsingOptions { allow_dtd: true, ..Default::default() };
    Document::parse_with_options(text, options)
        .map_err(|why| format!("{file}: {why}"))
}

fn all<'a, 'input: 'a>(
    document: &'a Document<'input>,
    name: &'a str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    document.descendants().filter(move |node| node.tag_name().name() == name)
}
