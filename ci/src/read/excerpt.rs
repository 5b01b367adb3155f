//! What of a chapter its preview card shows.

use super::include::{Taken, Target};
use super::listing;

/// What a card shows of its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Excerpt {
    /// A listing: its path as its caption has it, and its text.
    Code { file: String, text: String },
    /// A diagram: its title, and the SVG that the page has.
    Diagram { title: String, svg: String },
}

impl Excerpt {
    /// Of a listing.
    pub fn code(target: &Target, taken: &Taken) -> Excerpt {
        let file = &target.file;
        let file = listing::shown(file);
        Excerpt::Code { file: file.into(), text: taken.text.clone() }
    }

    /// Of a diagram: its Mermaid source and what was drawn from it.
    pub fn diagram(source: &str, svg: &str) -> Excerpt {
        let mut lines = source.lines().map(str::trim);
        let title = lines.find_map(|line| line.strip_prefix("accTitle:"));
        let title = title.unwrap_or_default().trim().to_string();
        Excerpt::Diagram { title, svg: svg.into() }
    }

    /// In words, for whoever does not see the card.
    pub fn alt(&self) -> String {
        match self {
            Excerpt::Code { file, .. } => format!("the code of {file}"),
            Excerpt::Diagram { title, .. } => format!("the diagram {title}"),
        }
    }
}
