//! Laws of the reader of scenario files.

use std::sync::LazyLock;

use scimitar::check::expect;
use scimitar::requirement::Catalogue;
use scimitar::suite::{Vocabulary, lint_text};

use crate::{mark, skeleton};

/// Words of scenario files.
pub(crate) const WORDS: &[&str] = &[
    "id: fuzz\n",
    "title: ",
    "tags: [users]\n",
    "needs: [rt.User]\n",
    "given: [{ user: u1 }]\n",
    "steps:\n",
    "  - ",
    "get: /Users/{{u1.id}}\n",
    "post: /Users\n",
    "patch: ",
    "delete: ",
    "walk: ",
    "until: 5s\n",
    "wait: 1100ms\n",
    "body: ",
    "raw: ",
    "query: ",
    "headers: ",
    "auth: none\n",
    "capture: { id: /id }\n",
    "expect:\n",
    "{ status: 204, covers: rfc7644-3.6-delete-answers-204 }",
    "tolerate: [C15]",
    "matrix:\n",
    "fixture: user/minimal",
    "with: ",
    "without: [/title]",
    "{{",
    "}}",
    "{{u1.id}}",
    "{{run}}",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "? ",
    "- - - ",
    "{",
    "}",
    "[",
    "]",
    ": ",
    ", ",
    "\"",
    "'",
    "|\n",
    ">-\n",
    "#",
    "\t",
    "\r\n",
    "---\n",
    "...\n",
    "0x1F",
    ".inf",
    "~",
    "yes",
    "1_000",
    "007",
    "2xx",
    "matches: \"(a+)+$\"",
    "\u{fc}",
    "\u{0}",
    "\u{feff}",
    "\u{2028}",
];

static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::embedded().expect("the embedded catalogue is sound"));

/// A file is read or told what is wrong with it, at a place that lies in it and can be shown.
pub fn suite(data: &[u8]) -> u64 {
    let Ok(text) = std::str::from_utf8(data) else {
        return 0;
    };
    let vocabulary = Vocabulary {
        checks: expect::all(),
        catalogue: &CATALOGUE,
    };
    let found = lint_text("fuzz", text, &vocabulary);
    for (n, diagnostic) in found.iter().enumerate() {
        let span = diagnostic.span.clone();
        assert!(span.start <= span.end, "{diagnostic:?}");
        assert!(
            text.get(span).is_some(),
            "outside, or within a character: {diagnostic:?}"
        );
        assert!(diagnostic.line >= 1 && diagnostic.line <= text.matches('\n').count() + 1);
        assert!(!diagnostic.message.is_empty() && !diagnostic.message.contains('\n'));
        // To show one reads the whole text.
        assert!(n > 2 || diagnostic.render(false).contains(&diagnostic.file));
    }
    let again = lint_text("fuzz", text, &vocabulary);
    assert_eq!(again, found, "two readings differ");
    let seen: Vec<_> = found
        .iter()
        .map(|it| skeleton(&it.message))
        .take(3)
        .collect();
    mark(seen)
}
