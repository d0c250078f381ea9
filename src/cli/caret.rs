//! A mistake in a file, shown with its line and a caret.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use regex::Regex;

use super::value::nearest;

/// A key that speaks of a secret, and its value: within quotes, or up to the end of what it is.
const SECRET: &str = r#"(?i)([\w."'-]*(?:token|secret|password|authorization|api.?key|bearer|cookie)[\w."'-]*)[ \t]*=[ \t]*(?:"((?:[^"\\\n]|\\.)*)"?|'([^'\n]*)'?|(\[[^\n]*|[^\s{\["',}\]][^\n,}\]]*))"#;

/// The mistake with file, line, column, the line itself and a caret under it.
///
/// Plain text; `label` stands beside the caret.
pub(super) fn show(
    file: &str,
    text: &str,
    span: Option<Range<usize>>,
    title: &str,
    label: &str,
) -> String {
    let Some(span) = span else {
        return format!("{title}\n  in {file}");
    };
    let end = span.end.min(text.len());
    let span = span.start.min(end)..end;
    let report = &[Level::ERROR.primary_title(title).element(
        Snippet::source(text)
            .path(file)
            .annotation(AnnotationKind::Primary.span(span).label(label)),
    )];
    let shown = Renderer::plain().render(report);
    shown.strip_prefix("error: ").unwrap_or(&shown).to_owned()
}

/// Shows an error of the TOML reader, with the nearest key where one is misspelt.
/// What may be a secret is not shown: who writes a token into the file sees `***`.
pub(super) fn toml(file: &str, text: &str, error: &::toml::de::Error) -> String {
    let (text, secrets) = masked(text);
    let text = text.as_str();
    let mut message = error.message().trim().to_owned();
    for secret in secrets {
        message = message.replace(&secret, "***");
    }
    let message = message.as_str();
    let (title, label) =
        unknown_field(message).unwrap_or_else(|| (message.to_owned(), String::new()));
    show(file, text, error.span(), &title, &label)
}

/// The text with as many asterisks as each value has bytes whose key speaks of a secret, and those
/// values. The name of a variable or file is none.
fn masked(text: &str) -> (String, Vec<String>) {
    let mut masked = text.to_owned();
    let mut secrets = Vec::new();
    let Ok(pattern) = Regex::new(SECRET) else {
        return (masked, secrets);
    };
    for found in pattern.captures_iter(text) {
        let key = found.get(1).map_or("", |key| key.as_str());
        let key = key.trim_end_matches(['"', '\'']).to_ascii_lowercase();
        if ["env", "file"].iter().any(|end| key.ends_with(end)) {
            continue;
        }
        for value in (2..=4).filter_map(|group| found.get(group)) {
            if value.as_str().trim().is_empty() {
                continue;
            }
            masked.replace_range(value.range(), &"*".repeat(value.len()));
            secrets.push(value.as_str().to_owned());
        }
    }
    (masked, secrets)
}

/// Title and label for `unknown field …, expected one of …`.
fn unknown_field(message: &str) -> Option<(String, String)> {
    let rest = message.strip_prefix("unknown field `")?;
    let (wrong, expected) = rest.split_once('`')?;
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let label = match nearest(wrong, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known keys: {}", known.join(", ")),
    };
    Some((format!("unknown key `{wrong}`"), label))
}

#[cfg(test)]
mod tests {

    #[test]
    fn a_secret_in_the_wrong_place_is_not_shown() {
        #[derive(serde::Deserialize, Debug)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "only the reading matters")]
        struct File {
            token_env: Option<u8>,
        }
        for (text, shown_too) in [
            ("token = 's3cr3t'", "unknown key `token`"),
            ("x = 1 # \ntoken = \"s3cr3t\\\" s3cr3t\" ", "unknown key"),
            ("Authorization = \"Bearer s3cr3t", "Authorization"),
            ("api_key = s3cr3t", "api_key"),
            ("Authorization = ['s3cr3t', \"s3cr3t\"]", "Authorization"),
            ("x = { client-secret = 's3cr3t', y = 1 }", "unknown key `x`"),
            ("token_env = 'NAME'", "NAME"),
        ] {
            let error = ::toml::from_str::<File>(text).unwrap_err();
            let shown = super::toml("scimitar.toml", text, &error);
            assert!(!shown.contains("s3cr3t"), "{shown}");
            assert!(shown.contains(shown_too), "{shown}");
        }
    }

    #[test]
    fn a_misspelt_key_has_its_line_a_caret_and_a_suggestion() {
        #[derive(serde::Deserialize, Debug)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "only the reading matters")]
        struct File {
            timeout: Option<String>,
            jobs: Option<u8>,
        }
        let text = "jobs = 2\ntimout = '3s'\n";
        let error = ::toml::from_str::<File>(text).unwrap_err();
        let shown = super::toml("scimitar.toml", text, &error);
        assert!(shown.starts_with("unknown key `timout`"), "{shown}");
        assert!(shown.contains("scimitar.toml:2:1"), "{shown}");
        assert!(shown.contains("^^^^^^ did you mean `timeout`?"), "{shown}");
    }
}
