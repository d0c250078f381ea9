//! A mistake in a file, shown with its line and a caret.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::value::nearest;

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
pub(super) fn toml(file: &str, text: &str, error: &::toml::de::Error) -> String {
    let message = error.message().trim();
    let (title, label) =
        unknown_field(message).unwrap_or_else(|| (message.to_owned(), String::new()));
    show(file, text, error.span(), &title, &label)
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
    use super::*;

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
