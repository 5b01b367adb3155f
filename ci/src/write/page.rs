//! The frame around a chapter: `theme/index.hbs`, filled in.

use anyhow::{Context as _, Result};
use handlebars::Handlebars;
use html_escape::encode_text;
use serde_json::{Value, json};

use super::assets::{AssetNames, Theme};
use super::content::{Section, moved, sections};
use super::templates::handlebars;
use crate::links::to_root;
use crate::read::source::Source;
use crate::site::{Entry, Site, chapters};

/// What all pages have alike.
pub struct Frame<'a> {
    pub site: &'a Site,
    /// The table of contents.
    pub contents: &'a [Entry],
    /// The files that a page loads.
    pub assets: &'a AssetNames,
    /// What a page may load and run.
    pub policy: String,
    /// Whether a changed page reloads: only when it is served to an author.
    pub live: bool,
    template: Handlebars<'static>,
}

/// What one page has of its own.
#[derive(Debug, Default, Clone)]
pub struct PageText<'a> {
    /// Its address from the book's root: `wakers/block-on.html`.
    pub page: &'a str,
    /// The chapter's title; the book's where there is none.
    pub title: String,
    pub description: String,
    /// HTML for the head: what others show for a link to the page.
    pub facts: String,
    /// HTML of the chapter.
    pub content: &'a str,
    /// The chapter's file, to edit it.
    pub file: Option<String>,
}

impl<'a> Frame<'a> {
    /// The frame of `theme` for the pages of `source`.
    ///
    /// # Errors
    /// When the template cannot be parsed.
    pub fn new(source: &'a Source, theme: &Theme, assets: &'a AssetNames, live: bool) -> Result<Frame<'a>> {
        let mut template = handlebars();
        template.register_template_string("page", &theme.frame).context("theme/index.hbs")?;
        Ok(Frame { site: &source.site, contents: &source.contents, assets, policy: theme.policy(), live, template })
    }

    /// A page as it is sent.
    ///
    /// # Errors
    /// When the template asks for what there is not.
    pub fn around(&self, text: &PageText<'_>) -> Result<String> {
        let page = text.page;
        // It is sent for an address of any depth and has a `<base>`.
        let lost = page == "404.html";
        let base = lost.then(|| match self.live {
            true => "/",
            false => self.site.address.path(),
        });
        let root = to_root(page);
        let book = &self.site.title;
        let title = match text.title == *book {
            true => book.clone(),
            false => format!("{} - {book}", text.title),
        };
        let edit = self.site.edit_url.as_ref().zip(text.file.as_ref());
        let moved = moved(page, self.site.redirects.iter());
        let data = json!({
            "language": self.site.language,
            "text_direction": "ltr",
            "default_theme": "light",
            "policy": policy(&self.policy, text.content),
            "title": title,
            "book_title": book,
            "description": text.description,
            "facts": text.facts,
            "base_url": base,
            "is_print": page == "print.html",
            "lost": lost,
            "path_to_root": root,
            "style": self.assets.style,
            "script": self.assets.script,
            "search": self.assets.search,
            "font": self.assets.font,
            "live": self.live,
            "fragment_map": (!moved.is_empty()).then(|| json!(moved).to_string()),
            "contents": self.list(page, &root, &sections(text.content)),
            "git_repository_url": self.site.repository,
            "git_repository_edit_url":
                edit.map(|(url, file)| url.replace("{path}", file)),
            "place": self.place(page),
            "previous": self.beside(page, -1),
            "next": self.beside(page, 1),
            "content": text.content,
        });
        let html = self.template.render("page", &data);
        html.with_context(|| format!("theme/index.hbs, for {page}"))
    }

    /// The table of contents, with this page marked and its sections under it.
    fn list(&self, page: &str, root: &str, sections: &[Section]) -> String {
        let mut list = String::from("<ol class=\"chapter\">");
        // The list of a level is closed when a line of a lower one follows.
        let mut level = 0;
        for entry in self.contents {
            let wanted = match entry {
                Entry::Part(_) => 0,
                Entry::Chapter { level, .. } => *level,
            };
            while level < wanted {
                list += "<li><ol class=\"section\">";
                level += 1;
            }
            while level > wanted {
                list += "</ol></li>";
                level -= 1;
            }
            list += &match entry {
                Entry::Part(title) => {
                    let title = encode_text(title);
                    format!("<li class=\"part-title\">{title}</li>")
                }
                Entry::Chapter { title, page: other, number, .. } => {
                    let title = encode_text(title);
                    let number = number.as_ref();
                    let number = number.map(|n| format!("<b>{n}.</b> "));
                    let number = number.unwrap_or_default();
                    let (here, inside) = match other == page {
                        true => (" class=\"active\" aria-current=\"page\"", section_list(sections)),
                        false => ("", String::new()),
                    };
                    format!(
                        "<li class=\"chapter-item\"><a href=\"{root}{other}\"{here}>{number}{title}</a>{inside}</li>"
                    )
                }
            };
        }
        list + &"</ol></li>".repeat(level) + "</ol>"
    }

    /// Which chapter of how many `page` is, as the table of contents counts.
    fn place(&self, page: &str) -> Option<Value> {
        let numbered: Vec<(&str, &str)> =
            chapters(self.contents).filter_map(|(_, page, number)| Some((page, number?))).collect();
        let at = numbered.iter().position(|(other, _)| *other == page)?;
        let first = |number: &str| number.split('.').next()?.parse().ok();
        let last: u32 = numbered.iter().filter_map(|(_, n)| first(n)).max()?;
        Some(json!({
            "at": at + 1,
            "all": numbered.len(),
            "says": format!("Chapter {} of {last}", numbered[at].1),
        }))
    }

    /// The chapter before or after, by name.
    fn beside(&self, page: &str, step: isize) -> Option<Value> {
        let chapters: Vec<_> = chapters(self.contents).collect();
        let at = chapters.iter().position(|(_, other, _)| *other == page)?;
        let (title, link, _) = chapters.get(at.checked_add_signed(step)?)?;
        Some(json!({ "title": title, "link": link }))
    }
}

/// Where a program can be asked for, it may be compiled; nowhere else.
fn policy(policy: &str, content: &str) -> String {
    let scripts = "script-src 'self'";
    match content.contains(" data-live=\"") {
        true => policy.replacen(scripts, &format!("{scripts} 'wasm-unsafe-eval'"), 1),
        false => policy.to_string(),
    }
}

/// Links to the sections of a page.
fn section_list(sections: &[Section]) -> String {
    if sections.is_empty() {
        return String::new();
    }
    let link = |Section { id, name, deeper }: &Section| {
        let class = if *deeper { " class=\"deeper\"" } else { "" };
        format!("<li><a href=\"#{id}\"{class}>{name}</a></li>")
    };
    let links: String = sections.iter().map(link).collect();
    format!("<ol class=\"sections\">{links}</ol>")
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::site::small_site;

    fn contents() -> Vec<Entry> {
        let chapter = |title: &str, page: &str, n: Option<&str>, level| Entry::Chapter {
            title: title.into(),
            page: page.into(),
            number: n.map(Into::into),
            level,
        };
        vec![
            chapter("First", "index.html", None, 0),
            Entry::Part("A & B".into()),
            chapter("Second", "a/second.html", Some("1"), 0),
            chapter("Below", "a/below.html", Some("1.1"), 1),
            chapter("Third", "a/third.html", Some("2"), 0),
        ]
    }

    /// `page` in the book's own frame.
    fn framed(page: &str, content: &str) -> String {
        let mut site = small_site();
        site.redirects = HashMap::from([("/a/third.html#old".into(), "second.html#new".into())]);
        let frame = include_str!("../../../theme/index.hbs");
        let mut template = handlebars();
        template.register_template_string("page", frame).unwrap();
        let frame = Frame {
            site: &site,
            contents: &contents(),
            assets: &AssetNames {
                style: "s.css".into(),
                script: "p.js".into(),
                search: "x.js".into(),
                font: "f.woff2".into(),
            },
            policy: "default-src 'none'".into(),
            live: false,
            template,
        };
        let text = PageText {
            page,
            title: "A <title>".into(),
            description: "What & why?".into(),
            content,
            ..PageText::default()
        };
        frame.around(&text).unwrap()
    }

    #[test]
    fn a_page_loads_its_files_from_where_it_stands() {
        let html = framed("a/second.html", "<p>x</p>");
        for part in [
            "<title>A &lt;title&gt; - Small</title>",
            "content=\"What &amp; why?\"",
            "content=\"default-src 'none'\"",
            "href=\"../s.css\"",
            "data-search=\"../x.js\"",
            "<main>\n<p>x</p>\n</main>",
        ] {
            assert!(html.contains(part), "no `{part}` in {html}");
        }
        assert!(!html.contains("{{") && !html.contains("css/chrome"), "{html}");
    }

    #[test]
    fn only_a_page_with_a_program_may_compile_it() {
        let all = "default-src 'none'; script-src 'self' 'sha256-a'; b";
        assert_eq!(policy(all, "<figure class=\"live\">"), all);
        let page = "<figure class=\"live\" data-live=\"live/a/\">";
        assert_eq!(
            policy(all, page),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' \
             'sha256-a'; b"
        );
    }

    #[test]
    fn the_way_on_says_the_names_and_counts_as_the_contents_do() {
        let html = framed("a/second.html", "");
        assert!(html.contains("href=\"../index.html\""), "{html}");
        assert!(html.contains("<small>Next</small> Below"), "{html}");
        assert!(html.contains(">Chapter 1 of 2</small>"), "{html}");
        assert!(framed("a/below.html", "").contains("Chapter 1.1 of 2"));
        let last = framed("a/third.html", "");
        assert!(!last.contains("<small>Next"), "{last}");
        let first = framed("index.html", "");
        assert!(first.contains("<small>Next</small> Second"), "{first}");
        assert!(!first.contains("Chapter "), "{first}");
    }

    #[test]
    fn the_table_of_contents_has_its_levels_and_marks_the_page() {
        let html = framed(
            "a/third.html",
            "<h2 id=\"x\"><a class=\"header\" href=\"#x\">A <code>b</code>\
             </a></h2>",
        );
        assert!(html.contains(">A &amp; B</li>"), "{html}");
        let below = "<li><ol class=\"section\"><li class=\"chapter-item\"><a \
                     href=\"../a/below.html\"><b>1.1.</b> Below</a></li></ol>\
                     </li>";
        assert!(html.contains(below), "{html}");
        let here = "href=\"../a/third.html\" class=\"active\" \
                    aria-current=\"page\"><b>2.</b> Third</a><ol \
                    class=\"sections\"><li><a href=\"#x\">A <code>b</code>\
                    </a></li></ol></li></ol>";
        assert!(html.contains(here), "{html}");
    }

    #[test]
    fn the_script_is_told_what_moved_and_the_lost_page_where_it_is() {
        let moved = " data-moved=\"{&quot;#old&quot;:&quot;second.html#new\
                     &quot;}\"";
        assert!(framed("a/third.html", "").contains(moved));
        assert!(!framed("a/second.html", "").contains("data-moved"));
        let lost = framed("404.html", "");
        assert!(lost.contains("<base href=\"/small/\">"), "{lost}");
        assert!(lost.contains("<main class=\"lost\">"), "{lost}");
    }
}
