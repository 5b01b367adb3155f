//! A page's text as XHTML, which an EPUB is made of.

use std::sync::LazyLock;

use html_escape::{encode_double_quoted_attribute, encode_text};
use scraper::{ElementRef, Html, Node, Selector};

/// What a page has and a book on paper would not: room for buttons, a picture's
/// large copy. The marks stand in the code.
const GONE: [&str; 6] = [".ask", ".offline", ".marks", ".img-wrapper", "button", "input"];

/// Elements of which only the inside stays: a heading's link to itself, the
/// frame of a picture, a listing's tools, of which the link is not made by the
/// script.
const INSIDE: [&str; 3] = ["a.header", "label", ".tools"];

/// Attributes that matter to a browser only.
const DROPPED: [&str; 5] = ["tabindex", "loading", "download", "aria-hidden", "xmlns"];

/// Elements that have no end tag in HTML.
const VOID: [&str; 5] = ["br", "hr", "img", "wbr", "col"];

static MAIN: LazyLock<Selector> = LazyLock::new(|| Selector::parse("main").expect("a selector"));

/// What is within `<main>`, as XHTML; `link` says where a link or a picture
/// leads in the EPUB. The `#` of a listing leads to it in the page at `web`, and
/// what the menu of a program has beside it to the program's page in `programs`.
pub fn xhtml(html: &str, web: &str, programs: &str, link: &mut dyn FnMut(&str) -> String) -> String {
    // Only the text is parsed, which is half of a page.
    let main = html.find("<main>").map_or(html, |at| &html[at..]);
    let end = main.find("</main>").map_or(main.len(), |at| at + 7);
    let page = Html::parse_fragment(&main[..end]);
    let mut out = Writer { out: String::new(), marks: None, program: None, web, programs, link };
    if let Some(main) = page.select(&MAIN).next() {
        out.inside(main);
    }
    out.out
}

struct Writer<'a> {
    out: String,
    /// For the code that follows: which of its lines changed.
    marks: Option<Vec<bool>>,
    /// For the tools that follow: the program of the listing.
    program: Option<String>,
    web: &'a str,
    programs: &'a str,
    link: &'a mut dyn FnMut(&str) -> String,
}

impl Writer<'_> {
    fn inside(&mut self, element: ElementRef<'_>) {
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.out += &encode_text(&**text),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child);
                    }
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>) {
        let name = element.value().name();
        let class = element.attr("class").unwrap_or_default();
        let is = |what: &str| match what.split_once('.') {
            Some((only, what)) => (only.is_empty() || only == name) && class.split(' ').any(|class| class == what),
            None => what == name,
        };
        if GONE.into_iter().any(is) {
            if is(".marks") {
                let text = element.text().collect::<String>();
                let changed = text.lines().map(|line| line.starts_with('+'));
                self.marks = Some(changed.collect());
            }
            return;
        }
        if let Some(program) = element.attr("data-program") {
            self.program = Some(program.to_string());
        }
        if INSIDE.into_iter().any(is) {
            self.inside(element);
            if let Some(program) = self.program.take_if(|_| is(".tools")) {
                self.out += &format!(" <a href=\"{}{program}.html\">the whole program</a>", self.programs);
            }
            return;
        }
        self.out += "<";
        self.out += name;
        if name == "svg" {
            self.out += " xmlns=\"http://www.w3.org/2000/svg\"";
        }
        for (key, value) in element.value().attrs() {
            if DROPPED.contains(&key) || key.starts_with("data-") {
                continue;
            }
            let leads = matches!(key, "href" | "src");
            let value = match leads {
                true if is(".permalink") => format!("{}{value}", self.web),
                true => (self.link)(value),
                false => value.to_string(),
            };
            self.out += &format!(" {key}=\"{}\"", encode_double_quoted_attribute(&value));
        }
        if VOID.contains(&name) {
            self.out += "/>";
            return;
        }
        self.out += ">";
        match self.marks.take() {
            Some(marks) if name == "code" => self.marked(element, &marks),
            marks => {
                // They wait for the code within the block.
                self.marks = marks;
                self.inside(element);
            }
        }
        self.out += "</";
        self.out += name;
        self.out += ">";
    }

    /// Code with a `+` before each line that changed: it stays beside its line
    /// when a small screen breaks the lines.
    fn marked(&mut self, code: ElementRef<'_>, marks: &[bool]) {
        let before = std::mem::take(&mut self.out);
        self.inside(code);
        let colored = std::mem::replace(&mut self.out, before);
        let lines = colored.split('\n');
        for (n, line) in lines.enumerate() {
            if n > 0 {
                self.out.push('\n');
            }
            self.out += match marks.get(n) {
                Some(true) => "<b class=\"changed\">+</b> ",
                _ => "  ",
            };
            self.out += line;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_main(main: &str) -> String {
        let page = format!("<html><body><main>{main}</main></body></html>");
        let mut link = |link: &str| format!("to:{link}");
        xhtml(&page, "https://a.b/c", "https://a.b/p/", &mut link)
    }

    #[test]
    fn what_html_leaves_open_is_closed() {
        assert_eq!(
            of_main("<p>a &lt; b<br>c<p>d<img src=x.png alt='\"'>"),
            "<p>a &lt; b<br/>c</p><p>d<img alt=\"&quot;\" \
             src=\"to:x.png\"/></p>"
        );
    }

    #[test]
    fn what_only_a_browser_needs_goes() {
        assert_eq!(
            of_main(
                "<h2 id=a><a class=header href=#a>A</a></h2><div tabindex=0>\
                 <span class=tools></span></div>"
            ),
            "<h2 id=\"a\">A</h2><div></div>"
        );
    }

    #[test]
    fn the_link_to_a_listing_is_one_that_can_be_sent_to_others() {
        assert_eq!(
            of_main("<a class=permalink href=#x>#</a><a href=#x>x</a>"),
            "<a class=\"permalink\" href=\"https://a.b/c#x\">#</a>\
             <a href=\"to:#x\">x</a>"
        );
    }

    #[test]
    fn a_program_leads_to_its_whole() {
        assert_eq!(
            of_main(
                "<figure data-program=x><figcaption><span class=tools>\
                 <a class=permalink href=#x>#</a></span></figcaption></figure>"
            ),
            "<figure><figcaption><a class=\"permalink\" \
             href=\"https://a.b/c#x\">#</a> <a href=\"https://a.b/p/x.html\">\
             the whole program</a></figcaption></figure>"
        );
    }

    #[test]
    fn a_changed_line_has_its_mark_in_the_line() {
        assert_eq!(
            of_main(
                "<pre class=marks><b>+</b>\n \n<b>+</b></pre><pre><code>\
                 <span class=c>a\nb</span>\nc</code></pre><p>d\ne</p>"
            ),
            "<pre><code><b class=\"changed\">+</b> <span class=\"c\">a\n  \
             b</span>\n<b class=\"changed\">+</b> c</code></pre><p>d\ne</p>"
        );
    }

    #[test]
    fn a_drawing_keeps_its_names() {
        assert_eq!(
            of_main(
                "<svg viewBox='0 0 1 1'><marker refX=1><path d='M0'/></marker>\
                 <text class=label>a</text><rect/></svg>"
            ),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\">\
             <marker refX=\"1\"><path d=\"M0\"></path></marker>\
             <text class=\"label\">a</text><rect></rect></svg>"
        );
    }
}
