//! Paths of PATCH operations (RFC 7644 §3.5.2, Figure 7): syntax tree, parser, printer.
//!
//! Applies nothing: the oracle and the provider each do so on their own.

use std::fmt::{self, Display, Formatter};

use super::filter::parse::Parser;
use super::filter::{AttributePath, FilterError, Spacing, ValueFilter};
use super::urn;

/// Where a PATCH operation acts.
#[derive(Clone, Debug, PartialEq)]
pub enum Path {
    /// `[urn:]name[.sub]`
    Attribute(AttributePath),
    /// `[urn:]name[filter][.sub]`
    Value {
        /// The multi-valued attribute, as written.
        attribute: AttributePath,
        /// Which of its values.
        filter: Box<ValueFilter>,
        /// Sub-attribute of those values.
        sub: Option<String>,
    },
    /// A bare schema URN, as written: the container of an extension, or the resource itself for
    /// its core schema. Formally it is an attribute path; it is read so only for known schemas.
    Container(String),
}

/// Parses a path, leniently about runs of spaces; the schemas of the RFC are known.
///
/// # Errors
/// Where the text is no `attrPath` and no `valuePath [subAttr]`.
pub fn parse(text: &str) -> Result<Path, FilterError> {
    parse_known(text, &urn::SCHEMAS)
}

/// Parses a path as [`parse`] with the URNs of the known schemas, compared without case.
///
/// # Errors
/// As [`parse`].
pub fn parse_known<S: AsRef<str>>(text: &str, known: &[S]) -> Result<Path, FilterError> {
    parse_with(text, known, Spacing::Lenient)
}

/// Parses a path with a chosen reading of spaces.
///
/// # Errors
/// As [`parse`].
pub fn parse_with<S: AsRef<str>>(
    text: &str,
    known: &[S],
    spacing: Spacing,
) -> Result<Path, FilterError> {
    let mut parser = Parser::new(text, spacing);
    parser.padding();
    let bare = parser.rest();
    let bare = match spacing {
        Spacing::Lenient => bare.trim_end_matches(' '),
        Spacing::Strict => bare,
    };
    if known.iter().any(|urn| urn::same(urn.as_ref(), bare)) {
        return Ok(Path::Container(String::from(bare)));
    }
    let attribute = parser.attribute_path()?;
    let path = if parser.rest().starts_with('[') {
        let filter = Box::new(parser.brackets()?);
        let sub = if parser.take('.') {
            Some(parser.sub_attribute()?)
        } else {
            None
        };
        Path::Value {
            attribute,
            filter,
            sub,
        }
    } else {
        Path::Attribute(attribute)
    };
    parser.padding();
    parser.end("expected the end of the path")?;
    Ok(path)
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(path) => write!(f, "{path}"),
            Self::Value {
                attribute,
                filter,
                sub,
            } => {
                write!(f, "{attribute}[{filter}]")?;
                match sub {
                    Some(sub) => write!(f, ".{sub}"),
                    None => Ok(()),
                }
            }
            Self::Container(urn) => f.write_str(urn),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scim::filter::tests::{any_path, any_value_filter};

    #[test]
    fn reads_and_prints() {
        let check = |text: &str, expected: &str| {
            assert_eq!(parse(text).unwrap().to_string(), expected, "{text}");
        };
        check("title", "title");
        check("name.familyName", "name.familyName");
        check("emails[type EQ \"work\"]", "emails[type eq \"work\"]");
        check("emails[ type eq 1 ].value ", "emails[type eq 1].value");
        check(
            "members[value eq \"x\"].$ref",
            "members[value eq \"x\"].$ref",
        );
        check(
            &format!("{}:title", urn::USER),
            &format!("{}:title", urn::USER),
        );
    }

    #[test]
    fn a_known_schema_is_a_container() {
        let upper = urn::ENTERPRISE_USER.to_ascii_uppercase();
        assert_eq!(parse(&upper), Ok(Path::Container(upper.clone())));
        let known = ["urn:x:Acme:2.0"];
        let expected = Path::Container(String::from("urn:x:acme:2.0"));
        assert_eq!(parse_known("urn:x:acme:2.0", &known), Ok(expected));
        assert!(parse("urn:x:acme:2.0").is_err());
    }

    #[test]
    fn says_where_it_stopped() {
        let check = |text: &str, at: usize, message: &str| {
            let error = parse(text).unwrap_err();
            assert_eq!((error.at, error.message.as_str()), (at, message), "{text}");
        };
        check("", 0, "expected an attribute name");
        check("/title", 0, "an attribute name begins with a letter");
        check(
            "emails[0].value",
            7,
            "an attribute name begins with a letter",
        );
        check("emails[a pr]value", 12, "expected the end of the path");
        check(
            "emails[a pr].a.b",
            13,
            "only one level of sub-attribute is possible",
        );
        check("emails[a pr", 11, "expected “and”, “or” or “]”");
        check("title x", 6, "expected the end of the path");
        check("schemas eq \"x\"", 8, "expected the end of the path");
    }

    fn any_patch_path() -> impl Strategy<Value = Path> {
        let value = (
            any_path(),
            any_value_filter(),
            prop::option::of("[a-z$][a-zA-Z]{1,6}"),
        )
            .prop_map(|(attribute, filter, sub)| Path::Value {
                attribute,
                filter: Box::new(filter),
                sub,
            });
        prop_oneof![any_path().prop_map(Path::Attribute), value]
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_to_the_same(path in any_patch_path()) {
            let text = path.to_string();
            prop_assert_eq!(parse_with(&text, &urn::SCHEMAS, Spacing::Strict), Ok(path), "{}", text);
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            if let Err(error) = parse(&text) {
                prop_assert!(error.at <= text.chars().count());
            }
        }
    }
}
