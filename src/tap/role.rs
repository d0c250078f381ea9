//! What kind of value an attribute holds: what may stay, what is a person's, what leads elsewhere.
//!
//! What is not known is a person's.

use super::leaf::At;

/// Kinds of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Says nothing of anybody: stays.
    Keep,
    /// A filter, or a path of a PATCH operation.
    Filter,
    /// Leads to a resource.
    Reference,
    /// The id of a resource.
    Id,
    /// A name that no two resources share.
    Unique,
    /// A telephone number.
    Phone,
    /// A web address.
    Url,
    /// Bytes in base64.
    Binary,
    /// Any other text.
    Words,
}

/// Attributes whose values are words of the protocol or of a fixed list.
const KEPT: [&str; 27] = [
    "schemas",
    "type",
    "primary",
    "op",
    "method",
    "active",
    "locale",
    "timezone",
    "preferredlanguage",
    "usertype",
    "country",
    "resourcetype",
    "honorificprefix",
    "honorificsuffix",
    "bulkid",
    "version",
    "sortby",
    "sortorder",
    "attributes",
    "excludedattributes",
    "startindex",
    "count",
    "failonerrors",
    "created",
    "lastmodified",
    "status",
    "cursor",
];

/// The kind of value at a place.
pub(super) fn role(at: &At) -> Role {
    let (outer, name) = (at.outer.as_str(), at.name.as_str());
    let attribute = if outer.is_empty() { name } else { outer };
    let is_value = outer.is_empty() || name == "value";
    match attribute {
        "roles" | "entitlements" => return Role::Keep,
        "members" | "manager" | "groups" if is_value => return Role::Id,
        "phonenumbers" if is_value => return Role::Phone,
        "photos" if is_value => return Role::Url,
        "x509certificates" if is_value => return Role::Binary,
        _ => {}
    }
    match name {
        "filter" | "path" if outer.is_empty() => Role::Filter,
        "$ref" | "location" => Role::Reference,
        "id" if outer.is_empty() => Role::Id,
        "username" | "externalid" if outer.is_empty() => Role::Unique,
        "profileurl" | "photo" | "picture" => Role::Url,
        name if KEPT.contains(&name) => Role::Keep,
        name if ["phone", "mobile", "fax"]
            .iter()
            .any(|word| name.contains(word)) =>
        {
            Role::Phone
        }
        _ => Role::Words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_tells_the_kind_of_its_value() {
        for (path, expected) in [
            ("userName", Role::Unique),
            ("name.familyName", Role::Words),
            ("emails[type eq \"work\"].value", Role::Words),
            ("emails.type", Role::Keep),
            ("phoneNumbers.value", Role::Phone),
            ("urn:acme:2.0:User:mobilePhone", Role::Phone),
            ("members", Role::Id),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
                Role::Id,
            ),
            ("manager.displayName", Role::Words),
            ("photos.value", Role::Url),
            ("addresses.locality", Role::Words),
            ("addresses.country", Role::Keep),
            ("urn:acme:2.0:User:badge", Role::Words),
            ("roles.value", Role::Keep),
            ("id", Role::Id),
            ("meta.version", Role::Keep),
        ] {
            assert_eq!(role(&At::named(path)), expected, "{path}");
        }
    }
}
