//! What stands around a chapter: the head, the menus, the way on.
//!
//! One pass over the page that mdBook wrote. Its scripts go, as do its icons and
//! the frame that holds the table of contents when there is no script.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use html_escape::encode_text;
use lol_html::html_content::{ContentType, Element};
use lol_html::{RewriteStrSettings, doc_comments, element, rewrite_str};

use super::assets::{self as bundle, Bundle};
use crate::draw::code as highlight;
use crate::site::{Entry, OfflineFiles};

/// What all pages have alike.
pub struct Frame<'a> {
    /// The table of contents.
    pub contents: &'a [Entry],
    /// The files that a page loads.
    pub bundle: &'a Bundle,
    /// Whether a changed page reloads: only when it is served to an author.
    pub live: bool,
    /// Where the book is.
    pub folder: &'a Path,
    /// The files to take along, where they are written.
    pub offline: Option<&'a OfflineFiles>,
}

/// Ours, as mdBook's search has its index in every page's way.
const SEARCH_BUTTON: &str = "<button id=\"mdbook-search-toggle\" \
    class=\"icon-button\" type=\"button\" title=\"Search (/)\" \
    aria-label=\"Search\" aria-expanded=\"false\" aria-keyshortcuts=\"/ s\" \
    aria-controls=\"mdbook-search-wrapper\"><span class=\"icon search\">\
    </span></button>";
const SEARCH: &str = "<form id=\"mdbook-search-wrapper\" role=\"search\" \
    class=\"hidden\"><input type=\"search\" id=\"mdbook-searchbar\" \
    aria-label=\"Search this book\" placeholder=\"Search this book\" \
    autocomplete=\"off\" spellcheck=\"false\"><div role=\"status\" \
    id=\"mdbook-searchresults-header\"></div>\
    <ul id=\"mdbook-searchresults\"></ul></form>";

impl Frame<'_> {
    /// `html` as it is sent; `page` is its path from the book's root.
    ///
    /// # Errors
    /// When mdBook's page cannot be parsed, or a listing not colored.
    pub fn put_around(&self, page: &str, html: &str) -> Result<String> {
        let root = match page {
            // It is sent for an address of any depth and has a `<base>`.
            "404.html" => String::new(),
            _ => "../".repeat(page.matches('/').count()),
        };
        let record = RefCell::new(String::new());
        let mut settings = RewriteStrSettings::new()
            .append_document_content_handler(doc_comments!(|comment| {
                match self.offline {
                    Some(files) if comment.text().trim() == "offline" => {
                        comment.replace(&files.line(&root), ContentType::Html);
                    }
                    _ => comment.remove(),
                }
                Ok(())
            }));
        let handlers = vec![
            element!("script, template, noscript:not(.kept)", |el| {
                el.remove();
                Ok(())
            }),
            element!("head > link, head > meta[name=theme-color]", |el| {
                el.remove();
                Ok(())
            }),
            element!("head", |el| {
                el.append(&self.head(&root), ContentType::Html);
                Ok(())
            }),
            element!("#mdbook-sidebar-toggle-anchor", |el| {
                let first = format!("<script>{}</script>", bundle::FIRST);
                el.after(&first, ContentType::Html);
                Ok(())
            }),
            element!("mdbook-sidebar-scrollbox", |el| {
                let list = self.list(page, &root, html);
                el.set_inner_content(&list, ContentType::Html);
                Ok(())
            }),
            element!("#mdbook-sidebar-resize-handle", |el| {
                el.remove();
                Ok(())
            }),
            element!(".menu-bar button, .menu-bar a", icon),
            element!(".left-buttons", |el| {
                el.append(SEARCH_BUTTON, ContentType::Html);
                Ok(())
            }),
            element!(".menu-bar", |el| {
                el.after(SEARCH, ContentType::Html);
                if let Some((n, all)) = self.place(page) {
                    el.append(
                        &format!(
                            "<progress value=\"{n}\" max=\"{all}\" \
                                 aria-label=\"Chapter {n} of {all}\">\
                                 </progress>"
                        ),
                        ContentType::Html,
                    );
                }
                Ok(())
            }),
            element!(".spinner-wrapper, .nav-wide-wrapper", |el| {
                el.remove();
                Ok(())
            }),
            element!(".nav-wrapper", |el| {
                let way = self.way(page, &root);
                el.set_inner_content(&way, ContentType::Html);
                Ok(())
            }),
            // An output and a diagram have an address as well.
            element!(".record[id]", |el| {
                *record.borrow_mut() =
                    el.get_attribute("id").unwrap_or_default();
                Ok(())
            }),
            element!(".record > p", |el| {
                let link = permalink(&record.borrow(), "output");
                el.append(&link, ContentType::Html);
                Ok(())
            }),
            element!(".drawing > .diagram[id]", |el| {
                let id = el.get_attribute("id").unwrap_or_default();
                el.after(&permalink(&id, "diagram"), ContentType::Html);
                Ok(())
            }),
            // Room for what the script adds, so that nothing moves.
            element!("figcaption > .permalink", |el| {
                let tools = "<span class=\"tools\"></span>";
                el.before(tools, ContentType::Html);
                Ok(())
            }),
            element!("main", |el| {
                if page == "404.html" {
                    el.set_attribute("class", "lost")?;
                }
                Ok(())
            }),
            element!("main img", |el| {
                let file = el.get_attribute("src").unwrap_or_default();
                el.set_attribute("loading", "lazy")?;
                if let Some((width, height)) = self.size(page, &file) {
                    el.set_attribute("width", &width.to_string())?;
                    el.set_attribute("height", &height.to_string())?;
                }
                Ok(())
            }),
            // A style of its own is what the policy forbids.
            element!("td[style], th[style]", |el| {
                let style = el.get_attribute("style").unwrap_or_default();
                if let Some(side) = style.strip_prefix("text-align: ") {
                    el.set_attribute("class", side)?;
                }
                el.remove_attribute("style");
                Ok(())
            }),
            // Between the chapters of the page that is printed.
            element!("main div[style^=break-before]", |el| {
                el.set_attribute("class", "new-page")?;
                el.remove_attribute("style");
                Ok(())
            }),
        ];
        for handler in handlers {
            settings = settings.append_element_content_handler(handler);
        }
        let html = rewrite_str(html, settings)
            .with_context(|| format!("{page} cannot be rewritten"))?;
        colored(&html).with_context(|| page.to_string())
    }

    /// How large a picture is, so that the text below it does not move.
    fn size(&self, page: &str, file: &str) -> Option<(u32, u32)> {
        let path = self.folder.join(page).parent()?.join(file);
        let bytes = fs::read(path).ok()?;
        let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
        let number = |at: usize| {
            let four = header.get(at..at + 4)?.try_into().ok()?;
            Some(u32::from_be_bytes(four))
        };
        Some((number(0)?, number(4)?))
    }

    fn head(&self, root: &str) -> String {
        let Bundle { style, script, search, font } = self.bundle;
        let policy = self.bundle.policy();
        let live = match self.live {
            true => format!("<script defer src=\"{root}live.js\"></script>"),
            false => String::new(),
        };
        format!(
            "<meta http-equiv=\"Content-Security-Policy\" \
             content=\"{policy}\">\n\
             <meta name=\"theme-color\" content=\"#ffffff\" \
             media=\"(prefers-color-scheme: light)\">\n\
             <meta name=\"theme-color\" content=\"#161923\" \
             media=\"(prefers-color-scheme: dark)\">\n\
             <link rel=\"stylesheet\" href=\"{root}{style}\">\n\
             <link rel=\"preload\" href=\"{root}{font}\" as=\"font\" \
             type=\"font/woff2\" crossorigin>\n\
             <link rel=\"icon\" href=\"{}\">\n\
             <script defer src=\"{root}{script}\" data-root=\"{root}\" \
             data-search=\"{root}{search}\"></script>\n{live}",
            bundle::ICON,
        )
    }

    /// The table of contents, with this page marked.
    fn list(&self, page: &str, root: &str, html: &str) -> String {
        let mut list = String::from("<ol class=\"chapter\">");
        for entry in self.contents {
            list += &match entry {
                Entry::Part(title) => {
                    let title = encode_text(title);
                    format!("<li class=\"part-title\">{title}</li>")
                }
                Entry::Chapter { title, page: other, number } => {
                    let title = encode_text(title);
                    let number = number.map(|n| format!("<b>{n}.</b> "));
                    let number = number.unwrap_or_default();
                    let (here, inside) = match other == page {
                        true => (
                            " class=\"active\" aria-current=\"page\"",
                            sections(html),
                        ),
                        false => ("", String::new()),
                    };
                    format!(
                        "<li class=\"chapter-item\"><a \
                         href=\"{root}{other}\"{here}>{number}{title}</a>\
                         {inside}</li>"
                    )
                }
            };
        }
        list + "</ol>"
    }

    fn chapters(&self) -> Vec<(&str, &str)> {
        fn of(entry: &Entry) -> Option<(&str, &str)> {
            match entry {
                Entry::Chapter { title, page, .. } => Some((title, page)),
                Entry::Part(_) => None,
            }
        }
        self.contents.iter().filter_map(of).collect()
    }

    /// Which chapter of how many `page` is.
    fn place(&self, page: &str) -> Option<(usize, usize)> {
        let all = self.chapters();
        let n = all.iter().position(|(_, other)| *other == page)?;
        Some((n + 1, all.len()))
    }

    /// To the chapters before and after, by name.
    fn way(&self, page: &str, root: &str) -> String {
        let Some((n, all)) = self.place(page) else { return String::new() };
        let chapters = self.chapters();
        let link = |at: Option<usize>, rel: &str, word: &str, key: &str| {
            let Some((title, page)) = at.and_then(|at| chapters.get(at)) else {
                return String::new();
            };
            format!(
                "<a rel=\"{rel}\" class=\"{rel}\" href=\"{root}{page}\" \
                 aria-keyshortcuts=\"{key}\"><small>{word}</small> {}</a>",
                encode_text(title)
            )
        };
        format!(
            "{}{}<small class=\"place\">Chapter {n} of {all}</small>",
            link(n.checked_sub(2), "prev", "Previous", "ArrowLeft"),
            link(Some(n), "next", "Next", "ArrowRight"),
        )
    }
}

/// The style sheet draws the icons: once, and not in every page.
fn icon(el: &mut Element<'_, '_>) -> lol_html::HandlerResult {
    let name = match el.get_attribute("id").as_deref() {
        Some("mdbook-sidebar-toggle") => "menu",
        Some("mdbook-theme-toggle") => "theme",
        Some("mdbook-search-toggle") => "search",
        _ => match el.get_attribute("title").as_deref() {
            Some("Print this book") => {
                let says = "The whole book on one page, to print";
                el.set_attribute("title", says)?;
                el.set_attribute("aria-label", says)?;
                "print"
            }
            Some("Git repository") => "repository",
            Some("Suggest an edit") => "edit",
            _ => return Ok(()),
        },
    };
    let html = format!("<span class=\"icon {name}\"></span>");
    el.set_inner_content(&html, ContentType::Html);
    Ok(())
}

/// The sign beside what can be linked to.
fn permalink(id: &str, what: &str) -> String {
    format!(
        " <a class=\"permalink\" href=\"#{id}\" \
         aria-label=\"Link to this {what}\">#</a>"
    )
}

/// Links to the sections of a page.
fn sections(html: &str) -> String {
    let main = html.split_once("<main>").map_or("", |(_, main)| main);
    let mut links = String::new();
    for heading in main.split("<h2 id=\"").skip(1) {
        let Some((id, rest)) = heading.split_once("\">") else { continue };
        let Some((inner, _)) = rest.split_once("</a></h2>") else { continue };
        let text = inner.split_once('>').map_or(inner, |(_, text)| text);
        links += &format!("<li><a href=\"#{id}\">{text}</a></li>");
    }
    match links.is_empty() {
        true => links,
        false => format!("<ol class=\"sections\">{links}</ol>"),
    }
}

/// The page with its code colored.
fn colored(html: &str) -> Result<String> {
    let mut out = String::with_capacity(html.len() * 5 / 4);
    let mut rest = html;
    const OPEN: &str = "<code class=\"language-";
    while let Some((before, found)) = rest.split_once(OPEN) {
        let (language, found) =
            found.split_once("\">").context("a block of code has no end")?;
        let (code, after) =
            found.split_once("</code>").context("code has no end")?;
        let text = html_escape::decode_html_entities(code);
        out += before;
        out += "<code>";
        out += &highlight::html(language, &text)?;
        out += "</code>";
        rest = after;
    }
    out += rest;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents() -> Vec<Entry> {
        let chapter = |title: &str, page: &str| Entry::Chapter {
            title: title.into(),
            page: page.into(),
            number: (page != "index.html").then_some(7),
        };
        vec![
            chapter("First", "index.html"),
            Entry::Part("A & B".into()),
            chapter("Second", "a/second.html"),
            chapter("Third", "a/third.html"),
        ]
    }

    fn put(page: &str, html: &str) -> String {
        let (contents, bundle) = (contents(), Bundle::default());
        let files = OfflineFiles::of("A & B");
        let frame = Frame {
            contents: &contents,
            bundle: &bundle,
            live: false,
            folder: Path::new("."),
            offline: Some(&files),
        };
        frame.put_around(page, html).unwrap()
    }

    #[test]
    fn scripts_and_comments_of_mdbook_go() {
        let html = put(
            "index.html",
            "<html><head><!-- a --><script src=x></script>\
             <link rel=stylesheet href=y></head><body><!-- b -->text\
             <noscript><iframe></iframe></noscript></body></html>",
        );
        for gone in ["<!--", "src=x", "href=y", "noscript", "iframe"] {
            assert!(!html.contains(gone), "{gone} in {html}");
        }
        assert!(html.contains("Content-Security-Policy"), "{html}");
    }

    #[test]
    fn the_files_to_take_along_stand_where_the_chapter_says() {
        let html = put("a/second.html", "<p>a</p><!-- offline --><p>b</p>");
        let (before, line) = html.split_once("<p class=\"offline\">").unwrap();
        assert!(before.ends_with("<p>a</p>"), "{html}");
        assert!(line.contains("href=\"../a-b.zip\""), "{html}");
        assert!(line.contains("href=\"../a-b.epub\""), "{html}");
        assert!(line.ends_with("</p><p>b</p>"), "{html}");
    }

    #[test]
    fn the_way_on_says_the_names() {
        let html = put("a/second.html", "<nav class=nav-wrapper>x</nav>");
        assert!(html.contains("href=\"../index.html\""), "{html}");
        assert!(html.contains("<small>Next</small> Third"), "{html}");
        assert!(html.contains("Chapter 2 of 3"), "{html}");
        let last = put("a/third.html", "<nav class=nav-wrapper>x</nav>");
        assert!(!last.contains("Next"), "{last}");
    }

    #[test]
    fn the_table_of_contents_is_in_the_page_and_marks_it() {
        let html = put(
            "a/third.html",
            "<mdbook-sidebar-scrollbox></mdbook-sidebar-scrollbox>",
        );
        assert!(html.contains(">A &amp; B</li>"), "{html}");
        let here = "href=\"../a/third.html\" class=\"active\" \
                    aria-current=\"page\"><b>7.</b> Third</a></li>";
        assert!(html.contains(here), "{html}");
    }

    #[test]
    fn an_output_and_a_diagram_have_a_link_to_them() {
        let html = put(
            "index.html",
            "<div class=\"record\" id=\"o\"><p>It prints:</p></div><figure \
             class=\"drawing\"><div class=\"diagram\" id=\"d\"></div></figure>",
        );
        for id in ["o", "d"] {
            assert!(html.contains(&format!("href=\"#{id}\"")), "{html}");
        }
    }

    #[test]
    fn the_sections_of_the_page_are_in_its_table_of_contents() {
        let html = put(
            "a/third.html",
            "<mdbook-sidebar-scrollbox></mdbook-sidebar-scrollbox><main>\
             <h2 id=\"x\"><a class=\"header\" href=\"#x\">A \
             <code>b</code></a></h2></main>",
        );
        let link = "<ol class=\"sections\"><li><a href=\"#x\">A \
                    <code>b</code></a></li></ol>";
        assert!(html.contains(link), "{html}");
    }

    #[test]
    fn code_is_colored_and_other_text_left() {
        let html = put(
            "index.html",
            "<pre><code class=\"language-rust\">let a = 1 &lt; 2;</code>\
             </pre><pre><code class=\"language-text\">a &lt; b</code></pre>",
        );
        assert!(
            html.contains("<code><span class=\"k\">let</span> a"),
            "{html}"
        );
        assert!(html.contains("<code>a &lt; b</code>"), "{html}");
    }

    #[test]
    fn a_style_between_printed_chapters_becomes_a_class() {
        let html = put(
            "print.html",
            "<main><div style=\"break-before: page; page-break-before: \
             always;\"></div></main>",
        );
        assert!(html.contains("<div class=\"new-page\">"), "{html}");
    }

    #[test]
    fn a_style_in_a_cell_becomes_a_class() {
        let html = put(
            "index.html",
            "<table><td style=\"text-align: right\">1</td></table>",
        );
        assert!(html.contains("<td class=\"right\">1</td>"), "{html}");
    }
}
