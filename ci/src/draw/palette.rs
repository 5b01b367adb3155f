//! `theme/diagrams.css` in the few rules that the drawing library knows: no
//! variables, no `:is()`, one theme.

use std::collections::BTreeMap;

patterns! {
    /// A comment, or a rule with blocks within it.
    NO_BLOCK = r"(?s)/\*.*?\*/|@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}";
    BLOCK = r"([^{}]+)\{([^{}]*)\}";
    VARIABLE = r"var\((--[\w-]+)\)";
    ANY_OF = r":is\(([^()]*)\)";
}

/// The color of lines, which the style calls `currentcolor`.
pub const LINE: &str = "#9599b3";

/// The rules for what is in a `.diagram`, with the colors of `theme`, on a
/// ground of the color `ground`.
pub fn rules_of_theme(css: &str, theme: &str, ground: &str) -> String {
    let css = NO_BLOCK.replace_all(css, "");
    let mut variables = BTreeMap::from([("--bg".to_string(), ground.into())]);
    let mut rules = Vec::new();
    for block in BLOCK.captures_iter(&css) {
        let (_, [selectors, body]) = block.extract();
        let selectors = selectors.trim();
        let own = format!("html.{theme}");
        if selectors == "html" || selectors == own {
            for (name, value) in declarations(body) {
                variables.insert(name.to_string(), value.to_string());
            }
        } else if selectors.starts_with(".diagram ") {
            rules.push((selectors, body));
        }
    }
    let line = variables.get("--diagram-line").cloned();
    let line = line.unwrap_or_else(|| LINE.to_string());
    let mut out = String::new();
    for (selectors, body) in rules {
        let drawn: Vec<String> = declarations(body)
            .filter(|(name, _)| {
                name.starts_with("stroke") || ["fill", "paint-order", "text-anchor", "font-size"].contains(name)
            })
            .map(|(name, value)| {
                let value = VARIABLE
                    .replace_all(value, |v: &regex::Captures| variables.get(&v[1]).cloned().unwrap_or_default());
                format!("{name}:{}", value.replace("currentcolor", &line))
            })
            .collect();
        if drawn.is_empty() {
            continue;
        }
        for selector in each(selectors) {
            out += &format!("{selector}{{{}}}", drawn.join(";"));
        }
    }
    out
}

fn declarations(body: &str) -> impl Iterator<Item = (&str, &str)> {
    body.split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .map(|(name, value)| (name.trim(), value.trim()))
}

/// Each selector of a list, one for each choice in an `:is()`.
fn each(selectors: &str) -> Vec<String> {
    if let Some(found) = ANY_OF.captures(selectors) {
        let whole = found.get(0).expect("the whole").range();
        return found[1]
            .split(',')
            .flat_map(|choice| {
                let mut one = selectors.to_string();
                one.replace_range(whole.clone(), choice.trim());
                each(&one)
            })
            .collect();
    }
    // What is left with a colon is a state that a picture does not have.
    let plain = selectors.split(',').map(str::trim);
    plain.filter(|s| !s.contains(':')).map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSS: &str = "/* x { y: z } */ html { --a: #111; --diagram-line: #222 }\n\
        html.navy { --a: #333; }\n@media print { .diagram x { fill: red } }\n\
        .diagram :is(.node, .dot) { fill: var(--a); margin: 2px }\n\
        .diagram:focus-visible { stroke: red }\n\
        .diagram .edge { stroke: currentcolor }\n\
        .diagram .label { stroke: var(--bg) }";

    #[test]
    fn variables_and_choices_are_resolved_for_one_theme() {
        assert_eq!(
            rules_of_theme(CSS, "navy", "#000"),
            ".diagram .node{fill:#333}.diagram .dot{fill:#333}\
             .diagram .edge{stroke:#222}.diagram .label{stroke:#000}"
        );
        assert!(rules_of_theme(CSS, "light", "#000").contains("{fill:#111}"));
    }

    #[test]
    fn nothing_in_the_books_style_is_left_unresolved() {
        let css = include_str!("../../../theme/diagrams.css");
        let style = rules_of_theme(css, "navy", "#000");
        assert!(!style.contains("var("), "{style}");
        assert!(!style.contains(":is("), "{style}");
        assert!(style.contains(".diagram .node{fill:#"), "{style}");
    }
}
