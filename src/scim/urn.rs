//! The URNs of RFC 7643 and RFC 7644, and their comparison.

/// Schema of a User (RFC 7643 §4.1).
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// Schema of a Group (RFC 7643 §4.2).
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// Extension of the User for enterprises (RFC 7643 §4.3).
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// Schema of the service provider's configuration (RFC 7643 §5).
pub const SERVICE_PROVIDER_CONFIG: &str =
    "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
/// Schema of a resource type (RFC 7643 §6).
pub const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
/// Schema of a schema (RFC 7643 §7).
pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// Message: answer to a query (RFC 7644 §3.4.2).
pub const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// Message: query by POST (RFC 7644 §3.4.3).
pub const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
/// Message: PATCH (RFC 7644 §3.5.2).
pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// Message: bulk request (RFC 7644 §3.7).
pub const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
/// Message: bulk response (RFC 7644 §3.7).
pub const BULK_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
/// Message: error (RFC 7644 §3.12).
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// Schemas of resources that the RFC defines, in the order of its chapters.
pub const SCHEMAS: [&str; 6] = [
    USER,
    GROUP,
    ENTERPRISE_USER,
    SERVICE_PROVIDER_CONFIG,
    RESOURCE_TYPE,
    SCHEMA,
];

/// Whether two URNs are the same; SCIM compares them without case (RFC 7644 §3.10).
pub fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// Whether a member name is a schema URN rather than an attribute name: only URNs have colons.
pub fn is_urn(name: &str) -> bool {
    name.contains(':')
}

/// Whether a text may stand before the name in an attribute path: a URI by its letters (RFC 3986 appendix A), as the grammar
/// of RFC 7644 §3.4.2.2 wants it. What the URI's scheme makes of the rest is not looked at.
pub fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let in_scheme = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    let in_rest = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&b);
    let escapes = rest.split('%').skip(1).all(|after| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit))
    });
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(in_scheme)
        && rest.bytes().all(in_rest)
        && escapes
}

/// Whether a message or resource names a URN in its `schemas`, compared without case.
pub fn listed(document: &serde_json::Value, urn: &str) -> bool {
    let Some(object) = document.as_object() else {
        return false;
    };
    object
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("schemas"))
        .filter_map(|(_, value)| value.as_array())
        .flatten()
        .filter_map(serde_json::Value::as_str)
        .any(|item| same(item, urn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_has_a_scheme_and_letters_of_uris_alone() {
        for schema in
            SCHEMAS
                .iter()
                .copied()
                .chain(["urn:x:a", "URN:X:A%2f", "https://x.example/a", "x:"])
        {
            assert!(is_uri(schema), "{schema}");
        }
        for odd in [
            "",
            "urn",
            ":a",
            "2.0:User",
            "u\u{e9}:a",
            "urn:sch\u{e9}mas:a",
            "urn:a\tb",
            "urn:a\\b",
            "urn:%2:a",
            "u&n:a",
        ] {
            assert!(!is_uri(odd), "{odd}");
        }
    }
}
