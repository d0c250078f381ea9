//! The document that a requirement comes from, and the pack it belongs to.

/// A document that states requirements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Name (`RFC 7644`, `Microsoft Entra ID`).
    pub name: String,
    /// Where it can be read, if it has one place.
    pub link: Option<String>,
}

impl Document {
    /// The RFC that an id names (`rfc7644-3.6-…`, `http-9112-6.3-…`), with the number.
    pub(super) fn of_rfc(id: &str) -> Option<(Self, &str)> {
        let rest = id
            .strip_prefix("rfc")
            .or_else(|| id.strip_prefix("http-"))?;
        let (number, _) = rest.split_once('-')?;
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let document = Self {
            name: format!("RFC {number}"),
            link: Some(format!("https://www.rfc-editor.org/rfc/rfc{number}")),
        };
        Some((document, number))
    }

    /// Link to a section: its anchor in an RFC, the document itself elsewhere.
    pub fn section_link(&self, section: &str) -> Option<String> {
        let link = self.link.as_ref()?;
        if !link.starts_with("https://www.rfc-editor.org/rfc/rfc") || section.is_empty() {
            return Some(link.clone());
        }
        let kind = if section.starts_with(|first: char| first.is_ascii_alphabetic()) {
            "appendix"
        } else {
            "section"
        };
        Some(format!("{link}#{kind}-{section}"))
    }
}

/// The pack of a requirement file by its name without `.toml`.
pub(super) fn pack_of_file(stem: &str) -> &str {
    let rfc = stem
        .strip_prefix("rfc")
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
    if rfc || stem == "http" { "rfc" } else { stem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_its_rfc_and_section() {
        for (id, section, name, link) in [
            (
                "rfc7644-3.6-delete-answers-204",
                "3.6",
                "RFC 7644",
                "https://www.rfc-editor.org/rfc/rfc7644#section-3.6",
            ),
            (
                "http-9112-6.3-length",
                "6.3",
                "RFC 9112",
                "https://www.rfc-editor.org/rfc/rfc9112#section-6.3",
            ),
            (
                "rfc9110-a-grammar",
                "A",
                "RFC 9110",
                "https://www.rfc-editor.org/rfc/rfc9110#appendix-A",
            ),
        ] {
            let (document, _) = Document::of_rfc(id).unwrap();
            assert_eq!(document.name, name);
            assert_eq!(document.section_link(section).as_deref(), Some(link));
        }
        assert_eq!(Document::of_rfc("entra-id-disables-users"), None);
        assert_eq!(Document::of_rfc("rfc-x-y"), None);
    }

    #[test]
    fn rfcs_and_http_share_a_pack() {
        for (stem, pack) in [
            ("rfc7643", "rfc"),
            ("http", "rfc"),
            ("entra-id", "entra-id"),
            ("rfcx", "rfcx"),
        ] {
            assert_eq!(pack_of_file(stem), pack);
        }
    }
}
