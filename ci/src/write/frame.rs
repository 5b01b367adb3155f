//! What stands around a chapter: the head, the menus, the way on.
//!
//! One pass over the page that mdBook wrote. Its scripts go, as do its icons and
//! the frame that holds the table of contents when there is no script.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use html_escape::{encode_double_quoted_attribute, encode_text};
use lol_html::html_content::{ContentType, Element};
use lol_html::{RewriteStrSettings, doc_comments, element, rewrite_str};
use serde_json::json;

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
    /// Addresses of before, and where each leads.
    pub redirects: &'a HashMap<String, String>,
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
                el.append(&self.head(page, &root), ContentType::Html);
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
            element!("button:not([type])", |el| {
                el.set_attribute("type", "button")?;
                Ok(())
            }),
            // It is for `link` only.
            element!("a[rel=edit]", |el| {
                el.remove_attribute("rel");
                Ok(())
            }),
            // The script makes its own, when it is asked for.
            element!("#mdbook-help-container", |el| {
                el.remove();
                Ok(())
            }),
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
                el.before("<span class=\"tools\">", ContentType::Html);
                el.after("</span>", ContentType::Html);
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

    fn head(&self, page: &str, root: &str) -> String {
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
             data-search=\"{root}{search}\"{}></script>\n{live}",
            bundle::ICON,
            self.moved(page),
        )
    }

    /// What stood on the page and where it is now, for the script: a fragment
    /// never reaches a server.
    fn moved(&self, page: &str) -> String {
        let moved: BTreeMap<&str, &str> = self
            .redirects
            .iter()
            .filter_map(|(from, to)| {
                let fragment =
                    from.trim_start_matches('/').strip_prefix(page)?;
                fragment.starts_with('#').then_some((fragment, to.as_str()))
            })
            .collect();
        match moved.is_empty() {
            true => String::new(),
            false => format!(
                " data-moved=\"{}\"",
                encode_double_quoted_attribute(&json!(moved).to_string())
            ),
        }
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

    /// Which chapter of how many `page` is, as the table of contents counts.
    fn place(&self, page: &str) -> Option<(u32, u32)> {
        let numbered = self.contents.iter().filter_map(|entry| match entry {
            Entry::Chapter { page, number: Some(n), .. } => Some((page, *n)),
            _ => None,
        });
        let (mut here, mut last) = (None, 0);
        for (other, n) in numbered {
            last = last.max(n);
            if other == page {
                here = Some(n);
            }
        }
        Some((here?, last))
    }

    /// To the chapters before and after, by name.
    fn way(&self, page: &str, root: &str) -> String {
        let chapters = self.chapters();
        let at = chapters.iter().position(|(_, other)| *other == page);
        let Some(at) = at else { return String::new() };
        let place = self.place(page).map_or(String::new(), |(n, all)| {
            format!("<small class=\"place\">Chapter {n} of {all}</small>")
        });
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
            "{}{}{place}",
            link(at.checked_sub(1), "prev", "Previous", "ArrowLeft"),
            link(Some(at + 1), "next", "Next", "ArrowRight"),
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
        let Some((id, rest)) = heading.split_once('"') else { continue };
        let Some((of, rest)) = rest.split_once('>') else { continue };
        let Some((inner, _)) = rest.split_once("</a></h2>") else { continue };
        let text = inner.split_once('>').map_or(inner, |(_, text)| text);
        let class = match of.contains("deeper") {
            true => " class=\"deeper\"",
            false => "",
        };
        links += &format!("<li><a href=\"#{id}\"{class}>{text}</a></li>");
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
            number: match page {
                "index.html" => None,
                "a/second.html" => Some(1),
                _ => Some(2),
            },
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
            redirects: &HashMap::from([(
                "/a/third.html#old".into(),
                "second.html#new".into(),
            )]),
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
        assert!(html.contains("Chapter 1 of 2"), "{html}");
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
                    aria-current=\"page\"><b>2.</b> Third</a></li>";
        assert!(html.contains(here), "{html}");
    }

    #[test]
    fn a_page_without_a_number_has_no_place() {
        let html = put("index.html", "<nav class=nav-wrapper>x</nav>");
        assert!(html.contains("Next"), "{html}");
        assert!(!html.contains("Chapter"), "{html}");
    }

    #[test]
    fn the_script_is_told_what_moved_on_its_page() {
        let html = put("a/third.html", "<html><head></head></html>");
        let moved = " data-moved=\"{&quot;#old&quot;:&quot;second.html#new\
                     &quot;}\"";
        assert!(html.contains(moved), "{html}");
        let other = put("a/second.html", "<html><head></head></html>");
        assert!(!other.contains("data-moved"), "{other}");
    }

    #[test]
    fn the_row_of_tools_has_the_link_in_it() {
        let html = put(
            "index.html",
            "<figcaption><a class=\"permalink\" href=\"#a\">#</a></figcaption>",
        );
        let row = "<span class=\"tools\"><a class=\"permalink\" \
                   href=\"#a\">#</a></span>";
        assert!(html.contains(row), "{html}");
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
             <code>b</code></a></h2><h2 id=\"y\" class=\"deeper\"><a \
             class=\"header\" href=\"#y\">C</a></h2></main>",
        );
        let link = "<ol class=\"sections\"><li><a href=\"#x\">A \
                    <code>b</code></a></li><li><a href=\"#y\" \
                    class=\"deeper\">C</a></li></ol>";
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
