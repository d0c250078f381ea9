//! `If-Match` and `If-None-Match` (RFC 7644 §3.14, RFC 9110 §13.1).
//!
//! Compares entity tags weakly, as the examples of RFC 7644 need it.

use super::Provider;
use super::plan::{Action, Condition, Plan};
use super::problem::Problem;
use super::store::Resource;
use super::view::etag;

impl Condition {
    /// Reads a field value.
    ///
    /// # Errors
    /// 400 where it is neither `*` nor a list of entity tags.
    pub(super) fn read(field: &str) -> Result<Self, Problem> {
        let field = field.trim();
        if field == "*" {
            return Ok(Self::Any);
        }
        let mut tags = Vec::new();
        let mut rest = field;
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            if rest.is_empty() {
                break;
            }
            let length = tag_length(rest)
                .ok_or_else(|| Problem::new(400, format!("'{field}' is no list of entity tags")))?;
            let (tag, after) = rest.split_at(length);
            tags.push(tag.to_owned());
            rest = after;
        }
        Ok(Self::Tags(tags))
    }

    fn holds(&self, current: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| opaque(tag) == opaque(current)),
        }
    }
}

/// Length of the entity tag that a text begins with.
fn tag_length(text: &str) -> Option<usize> {
    let prefix = if text.starts_with("W/") { 2 } else { 0 };
    let inner = text.get(prefix..)?.strip_prefix('"')?;
    Some(prefix + 1 + inner.find('"')? + 1)
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// Checks the preconditions of a plan on the resource as it is.
///
/// # Errors
/// 412; 304 for a read of what the client has already.
pub(super) fn check(provider: &Provider, plan: &Plan, resource: &Resource) -> Result<(), Problem> {
    let Some(current) = etag(provider, resource) else {
        return Ok(());
    };
    if plan
        .if_match
        .as_ref()
        .is_some_and(|condition| !condition.holds(&current))
    {
        return Err(Problem::new(
            412,
            format!("the resource has changed: its version is {current}"),
        ));
    }
    if plan
        .if_none_match
        .as_ref()
        .is_some_and(|condition| condition.holds(&current))
    {
        return Err(match plan.action {
            Action::Read(..) => {
                Problem::new(304, "the resource has not changed").with_etag(&current)
            }
            _ => Problem::new(412, format!("the resource exists with version {current}")),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: &str, holds: Option<bool>) {
        let read = Condition::read(field);
        assert_eq!(
            read.ok().map(|condition| condition.holds("W/\"3\"")),
            holds,
            "{field}"
        );
    }

    #[test]
    fn conditions_are_read_and_compared_weakly() {
        check("*", Some(true));
        check("W/\"3\"", Some(true));
        check("\"3\"", Some(true));
        check("\"1\", W/\"2\" ,W/\"3\"", Some(true));
        check("\"a,b\"", Some(false));
        check("\"4\"", Some(false));
        check("3", None);
        check("W/3", None);
        check("\"3", None);
    }
}
