//! The version segment of a base URL (RFC 7644 §3.13).
//!
//! Reads text only; whether the segment means a version is for its reader to say.

/// How a path begins that takes the place of the version segment.
const BESIDE: &str = "/../";

/// A base URL (or its path) without its version segment; none where it does not end in one.
#[must_use]
pub fn unversioned(base: &str) -> Option<&str> {
    let (root, last) = base.rsplit_once('/')?;
    let digits = last.strip_prefix('v')?;
    let is_version = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_version.then_some(root)
}

/// What a path of a call is appended to, and what is appended: a path that begins with `/../`
/// takes the place of the version segment.
///
/// # Errors
/// Where there is no version segment to replace.
pub fn joined<'a>(base: &'a str, path: &'a str) -> Result<(&'a str, &'a str), String> {
    if !path.starts_with(BESIDE) {
        return Ok((base, path));
    }
    match (unversioned(base), path.get(BESIDE.len() - 1..)) {
        (Some(root), Some(rest)) => Ok((root, rest)),
        _ => Err(format!("the base '{base}' has no version segment")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_v_and_digits() {
        assert_eq!(unversioned("https://x/scim/v2"), Some("https://x/scim"));
        assert_eq!(unversioned("/v2"), Some(""));
        for base in ["https://x/scim", "/v2.0", "/v", "/2", "/video", "", "/v2/"] {
            assert_eq!(unversioned(base), None, "{base}");
        }
    }

    #[test]
    fn a_path_stands_below_the_base_or_in_place_of_its_version() {
        assert_eq!(joined("/v2", "/Users"), Ok(("/v2", "/Users")));
        assert_eq!(
            joined("/scim/v2", "/../v9/Users"),
            Ok(("/scim", "/v9/Users"))
        );
        assert!(joined("/scim", "/../v9/Users").is_err());
    }
}
