//! The quoted values in a filter or in the path of a PATCH operation, each with its attribute.
//!
//! Works on text, so that what is no filter at all is passed on as it was sent.

use std::ops::Range;

use super::leaf::At;

/// A quoted value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Literal {
    /// Where it stands, quotation marks included.
    pub(super) range: Range<usize>,
    /// The value.
    pub(super) text: String,
    /// The attribute that it is compared with.
    pub(super) at: At,
    /// The operator, lower case.
    pub(super) operator: String,
}

/// All quoted values, in order.
pub(super) fn literals(filter: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    let (mut before, mut last, mut outer) = (String::new(), String::new(), String::new());
    let mut chars = filter.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        match c {
            '"' => {
                let end = end_of(filter, start);
                while chars.next_if(|(at, _)| *at < end).is_some() {}
                let quoted = filter.get(start..end).unwrap_or_default();
                let mut at = At::named(&before);
                if !outer.is_empty() {
                    at.outer.clone_from(&outer);
                }
                found.push(Literal {
                    range: start..end,
                    text: serde_json::from_str(quoted)
                        .unwrap_or_else(|_| quoted.trim_matches('"').to_owned()),
                    at,
                    operator: last.to_ascii_lowercase(),
                });
            }
            '[' => outer = At::named(&last).name,
            ']' => outer.clear(),
            c if is_word(c) => {
                let mut word = String::from(c);
                while let Some((_, c)) = chars.next_if(|(_, c)| is_word(*c)) {
                    word.push(c);
                }
                before = std::mem::replace(&mut last, word);
            }
            _ => {}
        }
    }
    found
}

/// The filter with its quoted values changed.
pub(super) fn rewrite(filter: &str, mut f: impl FnMut(&Literal) -> String) -> String {
    let mut out = String::new();
    let mut done = 0;
    for literal in literals(filter) {
        out.push_str(filter.get(done..literal.range.start).unwrap_or_default());
        out.push_str(&serde_json::Value::from(f(&literal)).to_string());
        done = literal.range.end;
    }
    out + filter.get(done..).unwrap_or_default()
}

/// Whether the filter joins plain comparisons by `and`: then its matches follow from its values.
pub(super) fn is_plain(filter: &str) -> bool {
    let bare = rewrite(filter, |_| String::new()).to_ascii_lowercase();
    let words: Vec<&str> = bare.split(|c: char| !is_word(c)).collect();
    !words.iter().any(|word| {
        [
            "or", "not", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr",
        ]
        .contains(word)
    })
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_$.:-".contains(c)
}

/// The byte behind the closing quotation mark.
fn end_of(filter: &str, start: usize) -> usize {
    let mut escaped = false;
    for (at, c) in filter.char_indices().skip_while(|(at, _)| *at <= start) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    filter.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_values_are_found_with_their_attributes() {
        let filter = r#"(userName Eq "a\"b") and emails[type eq "work" and value sw "c"].value pr or urn:x:2.0:User:name.familyName co "d"#;
        let seen: Vec<String> = literals(filter)
            .into_iter()
            .map(|one| {
                format!(
                    "{}.{} {} {}",
                    one.at.outer, one.at.name, one.operator, one.text
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ".username eq a\"b",
                "emails.type eq work",
                "emails.value sw c",
                "name.familyname co d"
            ]
        );
        let swapped = rewrite(r#"a eq "x" and b eq "y""#, |one| {
            format!("{{{{{}}}}}", one.text)
        });
        assert_eq!(swapped, r#"a eq "{{x}}" and b eq "{{y}}""#);
        assert!(is_plain(r#"userName eq "x or not" and active eq true"#));
        assert!(!is_plain(r#"userName eq "x" or id pr"#));
        assert_eq!(rewrite("members", |_| unreachable!()), "members");
    }
}
