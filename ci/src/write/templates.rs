//! What stands around the book's words: a template for each kind of text.

#[cfg(feature = "publish")]
use std::sync::LazyLock;

use handlebars::Handlebars;
use html_escape::encode_double_quoted_attribute;

/// What reads every template: text is escaped, for attributes and elsewhere.
pub fn handlebars() -> Handlebars<'static> {
    let mut new = Handlebars::new();
    new.register_escape_fn(|text| encode_double_quoted_attribute(text).into_owned());
    new
}

/// The templates beside this file.
#[cfg(feature = "publish")]
static TEMPLATES: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut all = handlebars();
    for (name, text) in [
        ("book.opf", include_str!("templates/book.opf")),
        ("contents.xhtml", include_str!("templates/contents.xhtml")),
        ("feed.xml", include_str!("templates/feed.xml")),
        ("head.html", include_str!("templates/head.html")),
        ("program.html", include_str!("templates/program.html")),
        ("sitemap.xml", include_str!("templates/sitemap.xml")),
        ("text.xhtml", include_str!("templates/text.xhtml")),
    ] {
        all.register_template_string(name, text).expect("it parses");
    }
    all
});

/// The template `name` with `data` in it.
#[cfg(feature = "publish")]
pub fn filled(name: &str, data: &serde_json::Value) -> String {
    TEMPLATES.render(name, data).expect("a template of this folder")
}
