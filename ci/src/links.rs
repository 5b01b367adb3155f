//! Paths and links inside the book, and how large a picture is.

use std::path::Path;

/// A path as links and lists write it: with `/` on every system.
pub fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The page that a chapter becomes: `a/b.md` is `a/b.html`.
pub fn page_of(chapter: &Path) -> String {
    slashed(&chapter.with_extension("html"))
}

/// What leads from `page` to the book's root: `../` for each folder.
pub fn to_root(page: &str) -> String {
    "../".repeat(page.matches('/').count())
}

/// Whether a link leads out of the book, or carries its target itself.
pub fn leads_outside(link: &str) -> bool {
    let schemes = ["https:", "http:", "mailto:", "data:"];
    schemes.iter().any(|scheme| link.starts_with(scheme))
}

/// Where a link leads, from the book's root.
#[derive(Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The file, or the folder with `/` at its end.
    pub file: String,
    /// What stands after `#`, where something does.
    pub fragment: Option<String>,
}

/// Follows the relative `link` from `page`; nothing when it leaves the book.
pub fn resolve(page: &str, link: &str) -> Option<Resolved> {
    let (path, fragment) = match link.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment.to_string())),
        None => (link, None),
    };
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() {
        return Some(Resolved { file: page.to_string(), fragment });
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    if path.starts_with('/') {
        parts.clear();
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    let mut file = parts.join("/");
    if path.ends_with('/') || path.ends_with("..") || path == "." {
        file.push('/');
    }
    Some(Resolved { file, fragment })
}

/// The width and height that the header of a PNG gives.
pub fn png_size(png: &[u8]) -> Option<(u32, u32)> {
    let header = png.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
    let number = |at: usize| {
        let four = header.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(four))
    };
    Some((number(0)?, number(4)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(page: &str, link: &str) -> Option<(String, Option<String>)> {
        resolve(page, link).map(|to| (to.file, to.fragment))
    }

    #[test]
    fn a_link_is_followed_from_its_page() {
        let file = |name: &str| Some((name.to_string(), None));
        assert_eq!(to("a/b.html", "c.html"), file("a/c.html"));
        assert_eq!(to("a/b.html", "../c/./d.html?x=1"), file("c/d.html"));
        assert_eq!(to("a/b.html", "/c.html"), file("c.html"));
        assert_eq!(to("a/b.html", "../"), file("/"));
        assert_eq!(to("a/b.html", "../../c.html"), None);
        let here = Some(("a/b.html".into(), Some("x".into())));
        assert_eq!(to("a/b.html", "#x"), here);
        assert_eq!(to("a/c.html", "b.html#x"), here);
    }

    #[test]
    fn the_size_of_a_picture_is_read_from_its_header() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend(1200_u32.to_be_bytes());
        assert_eq!(png_size(&png), None);
        png.extend(630_u32.to_be_bytes());
        assert_eq!(png_size(&png), Some((1200, 630)));
        assert_eq!(png_size(b"GIF89a"), None);
    }
}
