//! The search's index: small enough to be fetched with the search's code.
//!
//! It knows which section has which word and how much the word counts there,
//! what each page is about, and no running text. `theme/search.js` reads it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use regex::Captures;
use serde_json::{Value, json};

/// How much a word counts where it stands. The index has two bits for it.
const TEXT: u8 = 0;
/// An error code, or a word that the text stresses: a term.
const TERM: u8 = 2;
const HEADING: u8 = 3;

/// Of a word in more than this share of all sections only the headings, the
/// terms and the sections that say it most are kept.
const COMMON: f64 = 0.0125;
/// How many of them. In a small book every word is in a large share of it.
const MOST: usize = 3;

/// Sections that say again what the page said: their text is left out.
const AGAIN: [&str; 2] = ["Check yourself", "In short"];

/// Words that nobody looks for, unless a question has no other.
const STOP: &str = "a about after all also an and any are as at be because been before being but by can cannot could did do does doing done each either every few for from get gets go goes had has have he her here his how i if in into is it its just let like make makes many may me more most much must my no none nor not now of off on once one only or other others our out over own same see shall she should so some such than that the their them then there these they thing things this those to too two under until up us very was we were what when where which while who whom why will with without would yet you your";

static STOP_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP.split(' ').collect());

patterns! {
    HEADINGS = r#"(?s)<h[1-6] id="([^"]+)"[^>]*>(.*?)</h[1-6]>"#;
    PROOF = r#"(?s)<a class="proof".*?</a>"#;
    ABOUT = r"<!--\s*search:\s*(.*?)\s*-->";
    /// What a row is about: an error's text on the page of symptoms.
    ROW = r"(?s)<tr>\s*<td[^>]*>(.*?)</td>";
    STRESSED = r"(?s)<(?:em|strong|dt)>(.*?)</(?:em|strong|dt)>";
    CODE = r"\bE0\d{3}\b";
    PROGRAM = r#"data-program="(\w+)""#;
    /// Tags within a line; any other stands between two words.
    INLINE = r"</?(?:span|a |code|em|strong|wbr)[^>]*>|</a>";
    TAG = "<[^>]*>";
    /// A word, with the signs beside it that may mean something.
    WORD = r"(&)?([a-z0-9_]+)(!=?)?";
}

/// The words of all pages, by section.
#[derive(Debug)]
pub struct Index(Vec<Page>);

#[derive(Debug, Default)]
struct Page {
    address: String,
    title: String,
    /// What else its author says that it is about.
    about: String,
    sections: Vec<Section>,
}

/// From one heading to the next.
#[derive(Debug, Default)]
struct Section {
    id: String,
    heading: String,
    words: BTreeMap<String, Said>,
}

/// How a section has a word.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Said {
    weight: u8,
    times: u32,
}

impl Page {
    fn read(address: &str, title: &str, html: &str) -> Page {
        let main = html.split_once("<main>").map_or(html, |(_, main)| main);
        let main = main.split("</main>").next().unwrap_or_default();
        // The names of tests are long and nobody's question.
        let main = &*PROOF.replace_all(main, "");
        let about = ABOUT.captures(main).map_or("", |it| it.extract::<1>().1[0]);
        // The search knows the title's words of every section of the page.
        let of_title = words(title);
        let mut sections = Vec::new();
        let mut found = HEADINGS.captures_iter(main).peekable();
        while let Some(head) = found.next() {
            let place = |it: &Captures<'_>| it.get(0).map_or(0..0, |it| it.range());
            let end = found.peek().map_or(main.len(), |next| place(next).start);
            let body = &main[place(&head).end..end];
            let (id, heading) = (head[1].to_string(), plain(&head[2]));
            let again = AGAIN.contains(&heading.as_str());
            let mut section = Section { id, heading, ..Section::default() };
            section.count(words(&section.heading), HEADING);
            for term in terms(body) {
                section.count(words(&term), TERM);
            }
            if !again {
                let mut said = words(&plain(body));
                said.retain(|word, _| !of_title.contains_key(word) && !is_measured(word));
                section.count(said, TEXT);
            }
            sections.push(section);
        }
        Page {
            address: address.into(),
            title: title.into(),
            about: html_escape::decode_html_entities(about).into_owned(),
            sections,
        }
    }

    /// As the index has it: a section is its heading, with its id where that does
    /// not follow from it, and 0 for the page's own title.
    fn json(&self) -> Value {
        let sections = self.sections.iter().enumerate().map(|(n, it)| {
            let Section { id, heading, .. } = it;
            match slug(heading) == *id {
                true if n == 0 && *heading == self.title => json!(0),
                true => json!(heading),
                false => json!([heading, id]),
            }
        });
        let sections = Vec::from_iter(sections);
        json!([self.address, self.title, self.about, sections])
    }
}

impl Section {
    fn count(&mut self, words: BTreeMap<String, u32>, weight: u8) {
        for (word, times) in words {
            let said = self.words.entry(word).or_default();
            said.weight = said.weight.max(weight);
            said.times += times;
        }
    }
}

impl Index {
    /// The index of pages: of each its address, its title and its HTML.
    pub fn of_pages(pages: &[(String, &str, &str)]) -> Index {
        let read = |(address, title, html): &(String, &str, &str)| Page::read(address, title, html);
        Index(pages.par_iter().map(read).collect())
    }

    /// The index as JSON.
    ///
    /// Words stand in their order, each without what it has in common with the
    /// one before: a letter says how much. A space after it says that it is
    /// common: a question may have it, and a section need not. Then come the
    /// numbers of its sections (each as the step from the one before) with their
    /// weights.
    pub fn json(&self) -> String {
        let mut list = String::new();
        let mut before = "";
        let sections = || self.0.iter().flat_map(|page| &page.sections);
        let mut words: BTreeMap<&str, Vec<(usize, Said)>> = BTreeMap::new();
        for (n, section) in sections().enumerate() {
            for (word, said) in &section.words {
                words.entry(word).or_default().push((n, *said));
            }
        }
        let share = COMMON * sections().count() as f64;
        for (word, mut at) in words {
            let common = at.len() > MOST && at.len() as f64 > share;
            if common {
                at.sort_by_key(|(_, said)| Reverse(said.times));
                let rest = at.split_off(MOST).into_iter();
                at.extend(rest.filter(|(_, said)| said.weight > TEXT));
                at.sort_by_key(|(n, _)| *n);
            }
            let same = before.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count().min(25);
            list.push((b'A' + same as u8) as char);
            list += &word[same..];
            if common {
                list.push(OFTEN);
            }
            let mut last = 0;
            for (n, said) in at {
                // A capital ends the word: a step is 0 to 6 and more to come.
                let mut step = n - last;
                while step > 6 {
                    list.push('~');
                    step -= 7;
                }
                let code = (step as u8) * 4 + said.weight;
                list.push(DIGITS[usize::from(code)] as char);
                last = n;
            }
            before = word;
        }
        json!({
            "pages": self.0.iter().map(Page::json).collect::<Vec<_>>(),
            "stop": STOP,
            "words": list,
        })
        .to_string()
    }
}

/// The id that mdBook gives a heading, in most cases.
fn slug(heading: &str) -> String {
    let each = heading.chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || "_-".contains(c) => Some(c.to_ascii_lowercase()),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    });
    each.collect()
}

/// After a word that is common.
const OFTEN: char = ' ';
/// 28 characters that are in no word: not a small letter, a digit or `_`.
const DIGITS: &[u8; 28] = b"!#$%&()*+,-./:;<=>?@[]^{|}`'";

/// Stressed words, error codes and the names of programs.
fn terms(html: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = STRESSED.captures_iter(html).map(|it| plain(&it[1])).collect();
    found.extend(ROW.captures_iter(html).map(|it| plain(&it[1])));
    found.extend(CODE.find_iter(html).map(|it| it.as_str().to_string()));
    found.extend(PROGRAM.captures_iter(html).map(|it| it[1].to_string()));
    found
}

/// The text of HTML, with a space for each tag of a block.
fn plain(html: &str) -> String {
    let text = INLINE.replace_all(html, "");
    html_escape::decode_html_entities(&TAG.replace_all(&text, " ")).into_owned()
}

/// Whether `word` is what a run printed, such as `208us` or `0x94d0`: nobody looks for it.
fn is_measured(word: &str) -> bool {
    word.starts_with(|it: char| it.is_ascii_digit())
}

/// The words of a text, as they are looked up: small letters, their stems, and
/// the signs that mean something. `theme/search.js` does the same.
fn words(text: &str) -> BTreeMap<String, u32> {
    let text = text.to_ascii_lowercase();
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    let mut add = |word: String| *found.entry(word).or_default() += 1;
    for said in WORD.captures_iter(&text) {
        let (before, word, after) = (said.get(1), &said[2], said.get(3));
        if STOP_WORDS.contains(word) {
            continue;
        }
        let stem = stem(word);
        if after.is_some_and(|sign| sign.as_str() == "!") {
            add(format!("{stem}__m"));
        }
        if word == "mut" && before.is_some() {
            add("mut__r".into());
        }
        add(stem);
    }
    found.retain(|word, _| (2..40).contains(&word.len()) && word.bytes().any(|b| b.is_ascii_lowercase()));
    found
}

/// `polling`, `polled` and `polls` are looked up as `poll`, in `theme/search.js`
/// as well. What has a digit or a `_` is a name, and stays.
fn stem(word: &str) -> String {
    let word = word.trim_matches('_');
    if word.bytes().any(|b| b.is_ascii_digit() || b == b'_') {
        return word.into();
    }
    let mut word = match (word.strip_suffix("ies"), word.strip_suffix('s')) {
        (Some(begin), _) if word.len() > 4 => format!("{begin}y"),
        (_, Some(begin)) if word.len() > 3 && !begin.ends_with(['s', 'i', 'u']) => begin.into(),
        _ => word.to_string(),
    };
    let begin = ["ing", "ed"].iter().find_map(|end| word.strip_suffix(end));
    let vowel = |c: char| "aeiouy".contains(c);
    if let Some(begin) = begin.filter(|it| it.len() > 2 && it.contains(vowel)) {
        let mut short = begin.to_string();
        let last: Vec<u8> = short.bytes().rev().take(2).collect();
        let twice = last[0] == last[1] && !b"lsz".contains(&last[0]);
        if twice && short.len() > 3 {
            short.pop();
        }
        word = short;
    }
    if word.len() > 3 && word.ends_with('e') {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<main><h1 id=\"a\"><a href=\"#a\">The <code>Waker\
        </code></a></h1><p>A future is <em>polled</em> twice.</p>\
        <h2 id=\"b\">Errors</h2><pre><code>error[E0277]: no reactor</code>\
        </pre></main><p>outside</p>";

    #[test]
    fn a_heading_counts_more_than_a_term_and_a_term_more_than_text() {
        let words = &Page::read("x.html", "X", PAGE).sections[0].words;
        assert_eq!(words["waker"].weight, HEADING);
        assert_eq!(words["poll"].weight, TERM);
        assert_eq!(words["futur"].weight, TEXT);
    }

    #[test]
    fn error_codes_and_messages_are_found_in_their_section() {
        let words = &Page::read("x.html", "X", PAGE).sections[1].words;
        assert_eq!(words["e0277"].weight, TERM);
        assert_eq!(words["reactor"].weight, TEXT);
        assert!(!words.contains_key("outside"));
    }

    #[test]
    fn a_program_is_found_where_it_is_shown_even_in_a_section_left_out() {
        let page = "<main><h2 id=\"in-short\">In short</h2><p>words</p>\
                    <figure data-program=\"mutex_fair\"></figure></main>";
        let words = &Page::read("x.html", "X", page).sections[0].words;
        assert_eq!(words["mutex_fair"].weight, TERM);
        assert!(!words.contains_key("words"));
    }

    #[test]
    fn the_forms_of_a_word_are_one_word() {
        for (forms, one) in [
            ("wakers waker", "waker"),
            ("polls polled polling poll", "poll"),
            ("pinned pins pinning pin", "pin"),
            ("unpinned unpin", "unpin"),
            ("futures future", "futur"),
            ("waking wakes wake", "wak"),
            ("queries query", "query"),
            ("class", "class"),
            ("string", "string"),
            ("try_join", "try_join"),
            ("E0277", "e0277"),
        ] {
            for form in forms.split(' ') {
                let found = words(form).into_keys().collect::<Vec<_>>();
                assert_eq!(found, [one], "{form}");
            }
        }
    }

    #[test]
    fn a_sign_that_means_something_is_kept() {
        let found = words("pin!(x) of a &mut T != b, x!=y");
        assert!(found.contains_key("pin__m") && found.contains_key("pin"));
        assert!(found.contains_key("mut__r") && found.contains_key("mut"));
        assert!(!found.contains_key("x__m"), "{found:?}");
    }

    #[test]
    fn words_that_nobody_looks_for_are_left_out() {
        assert!(words("why does it").is_empty());
    }

    #[test]
    fn what_a_run_printed_is_left_out_and_a_heading_is_not() {
        let page = "<main><h2 id=\"a\">At most 16kb</h2><p>208us, twice</p></main>";
        let words = &Page::read("x.html", "X", page).sections[0].words;
        assert!(words.contains_key("16kb") && words.contains_key("twic"));
        assert!(!words.keys().any(|word| word.starts_with("208")));
    }

    #[test]
    fn what_the_author_says_of_a_page_is_in_the_index() {
        let page = "<main><!-- search: a &amp; b; c --><h1 id=\"a\">T</h1>";
        assert_eq!(Page::read("x.html", "T", page).about, "a & b; c");
    }

    #[test]
    fn of_a_word_that_is_everywhere_the_sections_stay_that_say_it_most() {
        let sections = (0..20).map(|n| {
            let mut section = Section::default();
            let times = if n < 3 { 5 } else { 1 };
            let weight = if n < 19 { TEXT } else { HEADING };
            section.count(BTreeMap::from([("thread".into(), times)]), weight);
            section
        });
        let sections = sections.collect();
        let index = Index(vec![Page { sections, ..Page::default() }]);
        let json: Value = serde_json::from_str(&index.json()).unwrap();
        let list = json["words"].as_str().unwrap();
        // The space says that it is common.
        let sections = list.strip_prefix("Athread ").unwrap();
        assert_eq!(sections.matches('~').count(), 2);
        assert_eq!(sections.len(), MOST + 1 + 2);
    }

    #[test]
    fn a_heading_is_followed_by_its_id_only_where_that_differs() {
        let page = "<main><h1 id=\"a-b\">A b</h1><h2 id=\"c_d\">c_d!</h2>\
                    <h2 id=\"x\" class=\"deeper\">E</h2>";
        assert_eq!(Page::read("x.html", "A b", page).json(), json!(["x.html", "A b", "", [0, "c_d!", ["E", "x"]]]));
    }

    #[test]
    fn no_digit_can_stand_in_a_word() {
        let clash = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        assert!(!DIGITS.iter().any(clash) && !DIGITS.contains(&b'~'));
    }
}
