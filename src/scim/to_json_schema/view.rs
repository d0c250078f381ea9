//! Which attributes of a resource an answer has to show, and which it may (RFC 7643 §7 "returned", RFC 7644 §3.9).

use crate::scim::filter::AttributePath;
use crate::scim::path::{self, Path};
use crate::scim::schema::{Attribute, Mutability, Returned};
use crate::scim::urn;

/// What a request asked to be shown.
///
/// In doubt an attribute need not be shown: names that are not understood, whole extensions (D28), and both
/// parameters at once (D26) oblige nobody.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    attributes: Option<Vec<Path>>,
    excluded: Vec<Path>,
    written: bool,
}

impl View {
    /// What a read without a projection shows.
    pub fn whole() -> Self {
        Self::default()
    }

    /// What these values of `attributes` and `excludedAttributes` leave; absent where the parameter is.
    /// `known` are the URNs of the resource's schemas.
    pub fn projected<N: AsRef<str>, S: AsRef<str>>(
        attributes: Option<&[N]>,
        excluded: Option<&[N]>,
        known: &[S],
    ) -> Self {
        let read = |names: &[N]| -> Vec<Path> {
            let parse = |name: &N| path::parse_known(name.as_ref().trim(), known).ok();
            names.iter().filter_map(parse).collect()
        };
        Self {
            attributes: attributes.map(read),
            excluded: excluded.map(read).unwrap_or_default(),
            written: false,
        }
    }

    /// The same as the answer to a request that writes: what is returned on request may stand in it.
    pub fn written(mut self) -> Self {
        self.written = true;
        self
    }

    /// Whether nothing restricts what is shown.
    pub fn is_whole(&self) -> bool {
        self.attributes.is_none() && self.excluded.is_empty()
    }

    /// Whether an attribute that has a value must be shown. `extension` is the URN of the schema that has it,
    /// absent for core and common attributes.
    pub fn shows(&self, extension: Option<&str>, attribute: &Attribute) -> bool {
        if attribute.mutability == Mutability::WriteOnly {
            return false;
        }
        match attribute.returned {
            Returned::Never => false,
            Returned::Always => true,
            Returned::Request => {
                self.attributes.is_some() && self.leaves(extension, attribute, None)
            }
            Returned::Default => self.leaves(extension, attribute, None),
        }
    }

    /// Whether a sub-attribute that has a value must be shown in a value of an attribute that is shown.
    pub fn shows_sub(
        &self,
        extension: Option<&str>,
        attribute: &Attribute,
        sub: &Attribute,
    ) -> bool {
        if sub.mutability == Mutability::WriteOnly {
            return false;
        }
        match sub.returned {
            Returned::Never => false,
            Returned::Always => true,
            Returned::Request => {
                self.attributes.is_some() && self.leaves(extension, attribute, Some(sub))
            }
            Returned::Default => self.leaves(extension, attribute, Some(sub)),
        }
    }

    /// Whether an attribute, or else a sub-attribute, may have a value in the answer. A sub-attribute that is returned
    /// on request may follow whatever projection there is.
    pub fn may_show(&self, attribute: &Attribute, is_top: bool) -> bool {
        match attribute.returned {
            Returned::Never => false,
            Returned::Always | Returned::Default => true,
            Returned::Request => {
                let named = |path: &Path| match path {
                    Path::Attribute(path) => !is_top || attribute.is_named(&path.name),
                    Path::Container(_) | Path::Value { .. } => true,
                };
                self.written || self.attributes.iter().flatten().any(named)
            }
        }
    }

    fn leaves(
        &self,
        extension: Option<&str>,
        attribute: &Attribute,
        sub: Option<&Attribute>,
    ) -> bool {
        let touched = |path: &Path| match path {
            Path::Attribute(path) => {
                names(path, extension, attribute)
                    && path
                        .sub
                        .as_ref()
                        .is_none_or(|name| sub.is_some_and(|sub| sub.is_named(name)))
            }
            Path::Container(_) | Path::Value { .. } => true,
        };
        if self.excluded.iter().any(touched) {
            return false;
        }
        let Some(attributes) = &self.attributes else {
            return true;
        };
        attributes.iter().any(|path| match path {
            Path::Attribute(path) if names(path, extension, attribute) => match (&path.sub, sub) {
                (None, _) => true,
                (Some(name), Some(sub)) => sub.is_named(name),
                (Some(_), None) => false,
            },
            _ => false,
        })
    }
}

/// Whether a path leads to the attribute, or into it.
fn names(path: &AttributePath, extension: Option<&str>, attribute: &Attribute) -> bool {
    let of_schema = match (&path.urn, extension) {
        (None, None) => true,
        (Some(urn), Some(extension)) => urn::same(urn, extension),
        (Some(urn), None) => !urn.contains(":extension:"),
        (None, Some(_)) => false,
    };
    of_schema && attribute.is_named(&path.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::schema::SchemaSet;

    /// Which of userName, emails, emails.value, enterprise department must be shown.
    #[track_caller]
    fn check(attributes: Option<&[&str]>, excluded: Option<&[&str]>, expected: [bool; 4]) {
        let set = SchemaSet::rfc_user();
        let known: Vec<&str> = set.urns().collect();
        let view = View::projected(attributes, excluded, &known);
        let emails = set.attribute("emails").unwrap();
        let extension = set.extension(urn::ENTERPRISE_USER).unwrap();
        let shown = [
            view.shows(None, set.attribute("userName").unwrap()),
            view.shows(None, emails),
            view.shows_sub(None, emails, emails.sub("value").unwrap()),
            view.shows(
                Some(&extension.id),
                extension.attribute("department").unwrap(),
            ),
        ];
        assert_eq!(shown, expected, "{attributes:?} {excluded:?}");
        assert!(!view.shows(None, set.attribute("password").unwrap()));
        assert!(view.shows(None, set.attribute("id").unwrap()));
    }

    #[test]
    fn a_projection_leaves_what_it_names() {
        check(None, None, [true; 4]);
        check(Some(&["USERNAME"]), None, [true, false, false, false]);
        check(Some(&["emails"]), None, [false, true, true, false]);
        check(Some(&["emails.type"]), None, [false; 4]);
        check(Some(&["emails.value"]), None, [false, false, true, false]);
        check(None, Some(&["emails.value"]), [true, true, false, true]);
        check(None, Some(&["emails"]), [true, false, false, true]);
        check(Some(&["userName"]), Some(&["userName"]), [false; 4]);
        let department = format!("{}:department", urn::ENTERPRISE_USER);
        check(Some(&[&department]), None, [false, false, false, true]);
        check(Some(&[urn::ENTERPRISE_USER]), None, [false; 4]);
        check(None, Some(&[urn::ENTERPRISE_USER]), [false; 4]);
        check(Some(&["", "a b"]), None, [false; 4]);
    }

    #[test]
    fn what_is_returned_on_request_may_follow_a_write() {
        let attribute = Attribute {
            name: String::from("scent"),
            returned: Returned::Request,
            ..Attribute::default()
        };
        let asked = View::projected(Some(&["Scent"]), None, &[] as &[&str]);
        for (view, shows, allows) in [
            (View::whole(), false, false),
            (View::whole().written(), false, true),
            (asked, true, true),
        ] {
            assert_eq!(view.shows(None, &attribute), shows);
            assert_eq!(view.may_show(&attribute, true), allows);
        }
    }
}
