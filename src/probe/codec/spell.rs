//! Writes a message as JSON in any of the spellings that mean the same (RFC 8259, RFC 7643 §2.1).

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Names that stay as they are: by what they name, a resource of ours is found again.
const FIXED: [&str; 4] = ["schemas", "userName", "externalId", "displayName"];

/// White space between tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Layout {
    #[default]
    Compact,
    Spaces,
    Lines,
}

/// Order of members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    #[default]
    Kept,
    Reversed,
    Sorted,
}

/// Letter case of attribute names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Letters {
    #[default]
    Kept,
    Upper,
    Lower,
    Mixed,
}

/// Which characters are escaped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Escapes {
    #[default]
    Few,
    /// All of values, as `\u00e9`.
    All,
    /// The same with capital digits.
    Capital,
    /// Those of values that are not ASCII.
    Foreign,
    /// `/` as `\/`.
    Solidus,
    /// One letter of each attribute name.
    Names,
}

/// How decimals are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Numbers {
    #[default]
    Kept,
    /// With noughts at the end.
    Noughts,
    /// With an exponent.
    Exponent,
}

/// How the body is labelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Media {
    #[default]
    Scim,
    Charset,
    Quoted,
    Json,
}

/// A spelling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spelling {
    pub(super) layout: Layout,
    pub(super) order: Order,
    pub(super) names: Letters,
    pub(super) escapes: Escapes,
    pub(super) numbers: Numbers,
    pub(super) media: Media,
}

impl Spelling {
    /// The label of the body.
    pub(super) fn media_type(self) -> &'static str {
        match self.media {
            Media::Scim => "application/scim+json",
            Media::Charset => "application/scim+json; charset=utf-8",
            Media::Quoted => "application/scim+json;charset=\"UTF-8\"",
            Media::Json => "application/json",
        }
    }

    /// The spellings that are plainer by one thing.
    pub(super) fn plainer(self) -> Vec<Self> {
        let plain = Self::default();
        [
            Self {
                layout: plain.layout,
                ..self
            },
            Self {
                order: plain.order,
                ..self
            },
            Self {
                names: plain.names,
                ..self
            },
            Self {
                escapes: plain.escapes,
                ..self
            },
            Self {
                numbers: plain.numbers,
                ..self
            },
            Self {
                media: plain.media,
                ..self
            },
        ]
        .into_iter()
        .filter(|other| *other != self)
        .collect()
    }

    /// A message in this spelling.
    pub(super) fn write(self, message: &Value) -> String {
        let is_operation = message.get("Operations").is_some();
        let is_search = message.get("filter").is_some();
        let mut text = String::new();
        let names = if is_operation || is_search {
            Names::Fixed
        } else {
            Names::Free
        };
        self.value(message, names, 0, &mut text);
        text
    }

    fn value(self, value: &Value, names: Names, depth: usize, text: &mut String) {
        match value {
            Value::Object(members) => self.object(members, names, depth, text),
            Value::Array(items) => {
                text.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        text.push(',');
                    }
                    self.gap(depth + 1, text);
                    self.value(item, names, depth + 1, text);
                }
                self.gap(depth, text);
                text.push(']');
            }
            Value::String(string) => self.string(string, text),
            Value::Number(number) if number.is_f64() => {
                text.push_str(&self.decimal(&number.to_string()));
            }
            other => text.push_str(&other.to_string()),
        }
    }

    fn object(self, members: &Map<String, Value>, names: Names, depth: usize, text: &mut String) {
        let mut members: Vec<(&String, &Value)> = members.iter().collect();
        match self.order {
            Order::Kept => {}
            Order::Reversed => members.reverse(),
            Order::Sorted => members.sort_by_key(|(name, _)| *name),
        }
        text.push('{');
        for (at, (name, value)) in members.into_iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            self.gap(depth + 1, text);
            self.name(name, names, text);
            if self.layout != Layout::Compact {
                text.push(' ');
            }
            text.push(':');
            self.gap(depth + 1, text);
            // What an operation sets are attributes again.
            let inner = if name == "value" { Names::Free } else { names };
            match value {
                // By these it is found again, also by who reads what was sent.
                Value::String(name_of_ours) if FIXED.contains(&name.as_str()) => {
                    Self::default().string(name_of_ours, text);
                }
                _ => self.value(value, inner, depth + 1, text),
            }
        }
        self.gap(depth, text);
        text.push('}');
    }

    fn gap(self, depth: usize, text: &mut String) {
        match self.layout {
            Layout::Compact => {}
            Layout::Spaces => text.push_str("  "),
            Layout::Lines => {
                text.push_str("\r\n");
                (0..depth).for_each(|_| text.push('\t'));
            }
        }
    }

    fn name(self, name: &str, names: Names, text: &mut String) {
        let free = names == Names::Free && !FIXED.contains(&name) && !name.contains(':');
        let spelled: String = match self.names {
            Letters::Upper if free => name.to_ascii_uppercase(),
            Letters::Lower if free => name.to_ascii_lowercase(),
            Letters::Mixed if free => name
                .chars()
                .enumerate()
                .map(|(at, c)| {
                    if at % 2 == 0 {
                        c.to_ascii_uppercase()
                    } else {
                        c.to_ascii_lowercase()
                    }
                })
                .collect(),
            _ => name.to_owned(),
        };
        text.push('"');
        for (at, c) in spelled.chars().enumerate() {
            if self.escapes == Escapes::Names && at == 1 {
                escape(c, false, text);
            } else {
                text.push(c);
            }
        }
        text.push('"');
    }

    fn string(self, string: &str, text: &mut String) {
        text.push('"');
        for c in string.chars() {
            match (self.escapes, c) {
                (Escapes::All, _) => escape(c, false, text),
                (Escapes::Capital, _) => escape(c, true, text),
                (Escapes::Foreign, c) if !c.is_ascii() => escape(c, false, text),
                (Escapes::Solidus, '/') => text.push_str("\\/"),
                (_, '"' | '\\') => {
                    text.push('\\');
                    text.push(c);
                }
                (_, c) if c.is_control() => escape(c, false, text),
                (_, c) => text.push(c),
            }
        }
        text.push('"');
    }

    /// A decimal that has a point, spelled with digits on both sides of it (RFC 7643 §2.3.3).
    fn decimal(self, plain: &str) -> String {
        let pointed = plain.contains('.') && !plain.contains(['e', 'E']);
        match self.numbers {
            Numbers::Noughts if pointed => format!("{plain}00"),
            Numbers::Exponent if pointed => exponent(plain),
            _ => plain.to_owned(),
        }
    }
}

/// Whether names may be written in any letters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Free,
    Fixed,
}

/// The same number with its point one place further to the right, and an exponent that makes up for it.
fn exponent(plain: &str) -> String {
    let Some((front, back)) = plain.split_once('.') else {
        return plain.to_owned();
    };
    let (moved, rest) = back.split_at(back.len().min(1));
    let rest = if rest.is_empty() { "0" } else { rest };
    let (sign, digits) = match front.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", front),
    };
    let joined = format!("{digits}{moved}");
    let trimmed = joined.trim_start_matches('0');
    let whole = if trimmed.is_empty() { "0" } else { trimmed };
    format!("{sign}{whole}.{rest}e-1")
}

/// A character by its code units.
fn escape(c: char, capital: bool, text: &mut String) {
    let mut units = [0_u16; 2];
    for unit in c.encode_utf16(&mut units) {
        // Writing to a String never fails.
        let _ = if capital {
            write!(text, "\\u{unit:04X}")
        } else {
            write!(text, "\\u{unit:04x}")
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const LAYOUTS: [Layout; 3] = [Layout::Compact, Layout::Spaces, Layout::Lines];
    const ORDERS: [Order; 3] = [Order::Kept, Order::Reversed, Order::Sorted];
    const ESCAPES: [Escapes; 6] = [
        Escapes::Few,
        Escapes::All,
        Escapes::Capital,
        Escapes::Foreign,
        Escapes::Solidus,
        Escapes::Names,
    ];
    const NUMBERS: [Numbers; 3] = [Numbers::Kept, Numbers::Noughts, Numbers::Exponent];

    #[test]
    fn any_spelling_reads_as_the_same_message() {
        let message = json!({
            "schemas": ["urn:x"],
            "emails": [{"value": "a/b \u{1F600}\n\"\\", "primary": true}, {}],
            "urn:x:y": {"height": -0.125, "weight": 1.5, "depth": 12.05, "badge": -7, "none": null, "list": []},
        });
        for layout in LAYOUTS {
            for order in ORDERS {
                for escapes in ESCAPES {
                    for numbers in NUMBERS {
                        let spelling = Spelling {
                            layout,
                            order,
                            escapes,
                            numbers,
                            ..Spelling::default()
                        };
                        let text = spelling.write(&message);
                        let read: Value = serde_json::from_str(&text).unwrap();
                        assert_eq!(read, message, "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn names_change_where_they_are_attributes() {
        let spelling = Spelling {
            names: Letters::Upper,
            ..Spelling::default()
        };
        let check = |message: Value, expected: &str| assert_eq!(spelling.write(&message), expected);
        check(
            json!({"schemas": [], "title": "a", "urn:x": {"costCenter": "b"}}),
            r#"{"schemas":[],"TITLE":"a","urn:x":{"COSTCENTER":"b"}}"#,
        );
        check(
            json!({"Operations": [{"op": "add", "path": "name", "value": {"givenName": "a"}}]}),
            r#"{"Operations":[{"op":"add","path":"name","value":{"GIVENNAME":"a"}}]}"#,
        );
        check(
            json!({"filter": "a", "count": 1}),
            r#"{"filter":"a","count":1}"#,
        );
    }

    #[test]
    fn a_plainer_spelling_is_plainer_by_one_thing() {
        let loud = Spelling {
            layout: Layout::Lines,
            order: Order::Sorted,
            names: Letters::Mixed,
            escapes: Escapes::All,
            numbers: Numbers::Exponent,
            media: Media::Json,
        };
        assert_eq!(loud.plainer().len(), 6);
        assert!(Spelling::default().plainer().is_empty());
    }
}
