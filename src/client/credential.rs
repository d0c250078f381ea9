//! Where the token comes from, and what it must not look like.
//!
//! No message shows a token: its source and length only.

use std::io::Read;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Longest token in bytes.
const LONGEST: usize = 64 * 1024;

/// Bytes from which the name of a missing file may be a token that was put in its place.
const SHORTEST_UNSHOWN: usize = 20;

/// Where a token may come from; at most one may be set.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Name of an environment variable that the user named.
    pub env: Option<String>,
    /// File.
    pub file: Option<PathBuf>,
    /// Standard input.
    pub stdin: bool,
    /// Name of the variable that is read when none of these is set and it exists.
    pub default_env: Option<String>,
}

/// A token, and what the user should know about its source.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The token itself: to be learnt by the vault at once and kept nowhere else.
    pub token: String,
    /// A warning.
    pub warning: Option<String>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential({} bytes)", self.token.len())
    }
}

/// Why there is no usable token. Fragments that follow "cannot use the token: ".
#[derive(Debug, Error)]
pub enum CredentialError {
    /// Several sources.
    #[error("{0} are both set; name one source")]
    Several(String),
    /// The named variable does not exist.
    #[error("{0} is not set")]
    Unset(String),
    /// The variable is no UTF-8.
    #[error("{0} is not UTF-8 text")]
    NotText(String),
    /// No token in it.
    #[error("{0} is empty")]
    Empty(String),
    /// Unreadable.
    #[error("{0} can't be read: {1}")]
    Unreadable(String, std::io::Error),
    /// A directory.
    #[error("{0} is a directory")]
    Directory(String),
    /// Too long.
    #[error("{0} holds more than 64 KiB; a token is shorter")]
    TooLong(String),
    /// Byte order mark.
    #[error("{0} begins with a byte order mark; save it as UTF-8 without one")]
    Bom(String),
    /// The scheme is in it.
    #[error("{0} begins with '{1}'; give the token alone")]
    Scheme(String, String),
    /// Quotes around it.
    #[error("{0} has quotes around it; give the token alone")]
    Quoted(String),
    /// A line break within.
    #[error("{0} has a line break in it ({1} bytes); a token is one line")]
    LineBreak(String, usize),
    /// A space within.
    #[error("{0} has a space in it ({1} bytes); a token has none")]
    Space(String, usize),
    /// Bytes that no header field can hold.
    #[error("{0} has a character in it that no header field can hold ({1} bytes)")]
    Character(String, usize),
    /// A placeholder.
    #[error("{0} holds a placeholder, not a token")]
    Placeholder(String),
    /// A path.
    #[error("{0} holds the path of a file, not a token; use --token-file")]
    Path(String),
}

impl Sources {
    /// Reads the token; none where no source is set and the default variable does not exist.
    pub fn read(&self) -> Result<Option<Credential>, CredentialError> {
        let set: Vec<&str> = [
            (self.env.is_some(), "--token-env"),
            (self.file.is_some(), "--token-file"),
            (self.stdin, "--token-stdin"),
        ]
        .iter()
        .filter_map(|(set, name)| set.then_some(*name))
        .collect();
        if set.len() > 1 {
            return Err(CredentialError::Several(set.join(" and ")));
        }
        if let Some(path) = &self.file {
            return from_file(path).map(Some);
        }
        if self.stdin {
            return from_reader("standard input", std::io::stdin().lock()).map(Some);
        }
        if let Some(name) = &self.env {
            return match std::env::var_os(name) {
                Some(value) => from_env(name, value).map(Some),
                None => Err(CredentialError::Unset(variable(name))),
            };
        }
        let Some(name) = &self.default_env else {
            return Ok(None);
        };
        std::env::var_os(name)
            .map(|value| from_env(name, value))
            .transpose()
    }
}

/// A variable as messages name it. Who wrote the token in the place of the name does not see it again.
fn variable(name: &str) -> String {
    let named = name
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if named || std::env::var_os(name).is_some() {
        format!("the environment variable {name}")
    } else {
        format!(
            "the environment variable that is named (by {} characters, which may be a token and are not shown)",
            name.chars().count()
        )
    }
}

/// A file as messages name it, unless its path may be the token.
fn file_name(path: &Path) -> String {
    let text = path.display().to_string();
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let plausible = path.exists()
        || text.len() < SHORTEST_UNSHOWN
        || text.starts_with(['/', '~', '.'])
        || folder.is_some_and(Path::is_dir);
    if plausible {
        format!("the token file '{text}'")
    } else {
        format!(
            "the token file (named by {} characters, which may be a token and are not shown)",
            text.chars().count()
        )
    }
}

fn from_env(name: &str, value: std::ffi::OsString) -> Result<Credential, CredentialError> {
    let source = variable(name);
    let text = value
        .into_string()
        .map_err(|_| CredentialError::NotText(source.clone()))?;
    Ok(Credential {
        token: check(&source, &text)?,
        warning: None,
    })
}

fn from_file(path: &Path) -> Result<Credential, CredentialError> {
    let source = file_name(path);
    let unreadable = |error| CredentialError::Unreadable(source.clone(), error);
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if about.is_dir() {
        return Err(CredentialError::Directory(source));
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut credential = from_reader(&source, file)?;
    credential.warning = open_to_others(&about)
        .then(|| format!("{source} can be read by others; run chmod 600 on it"));
    Ok(credential)
}

#[cfg(unix)]
fn open_to_others(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

fn from_reader(source: &str, reader: impl Read) -> Result<Credential, CredentialError> {
    let mut bytes = Vec::new();
    reader
        .take(LONGEST as u64 + 3)
        .read_to_end(&mut bytes)
        .map_err(|error| CredentialError::Unreadable(source.to_owned(), error))?;
    if bytes.len() > LONGEST + 2 {
        return Err(CredentialError::TooLong(source.to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|_| CredentialError::NotText(source.to_owned()))?;
    let line = text
        .strip_suffix("\r\n")
        .or_else(|| text.strip_suffix('\n'))
        .unwrap_or(&text);
    Ok(Credential {
        token: check(source, line)?,
        warning: None,
    })
}

fn check(source: &str, text: &str) -> Result<String, CredentialError> {
    let source = source.to_owned();
    if text.starts_with('\u{feff}') {
        return Err(CredentialError::Bom(source));
    }
    if text.trim().is_empty() {
        return Err(CredentialError::Empty(source));
    }
    if text.len() > LONGEST {
        return Err(CredentialError::TooLong(source));
    }
    for scheme in ["Bearer", "Basic", "Authorization:"] {
        let begins = text
            .get(..scheme.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(scheme));
        let rest = text.get(scheme.len()..).unwrap_or_default();
        if begins && (scheme.ends_with(':') || rest.starts_with(' ') || rest.is_empty()) {
            return Err(CredentialError::Scheme(source, scheme.to_owned()));
        }
    }
    if text.starts_with(['"', '\'']) || text.ends_with(['"', '\'']) {
        return Err(CredentialError::Quoted(source));
    }
    if text.contains(['\r', '\n']) {
        return Err(CredentialError::LineBreak(source, text.len()));
    }
    if text.contains(char::is_whitespace) {
        return Err(CredentialError::Space(source, text.len()));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(CredentialError::Character(source, text.len()));
    }
    if is_placeholder(text) {
        return Err(CredentialError::Placeholder(source));
    }
    let path_like = text.starts_with(['/', '~']) || text.starts_with("./");
    if path_like && Path::new(text).is_file() {
        return Err(CredentialError::Path(source));
    }
    Ok(text.to_owned())
}

fn is_placeholder(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let bracketed = [
        ("<", ">"),
        ("{{", "}}"),
        ("${", "}"),
        ("$(", ")"),
        ("[", "]"),
    ]
    .iter()
    .any(|(open, close)| lower.starts_with(open) && lower.ends_with(close));
    bracketed
        || lower.starts_with("$scim_")
        || [
            "changeme",
            "change-me",
            "token",
            "your-token",
            "your-token-here",
            "your_token",
            "yourtoken",
            "xxx",
            "todo",
            "null",
            "none",
            "undefined",
            "secret-token",
        ]
        .contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, expected: &str) {
        let message = check("SCIM_TOKEN", text).unwrap_err().to_string();
        assert!(message.contains(expected), "{text:?}: {message}");
        assert!(!message.contains("s3cr3t"), "{message}");
    }

    #[test]
    fn a_token_that_can_only_be_a_mistake_is_refused() {
        refused("", "is empty");
        refused("   ", "is empty");
        refused("\u{feff}s3cr3t", "byte order mark");
        refused("Bearer s3cr3t", "begins with 'Bearer'");
        refused("bearer s3cr3t", "begins with 'Bearer'");
        refused("Authorization: s3cr3t", "begins with 'Authorization:'");
        refused("\"s3cr3t\"", "quotes");
        refused("s3cr3t\nx", "line break");
        refused("s3cr3t\rx", "line break");
        refused("s3cr3t x", "space");
        refused("s3cr3tö", "no header field");
        refused("s3cr3t\u{7}", "no header field");
        refused("<token>", "placeholder");
        refused("changeme", "placeholder");
        refused("${SCIM_TOKEN}", "placeholder");
        refused(&"x".repeat(LONGEST + 1), "64 KiB");
        assert_eq!(check("x", "bearer-ish.abc").unwrap(), "bearer-ish.abc");
    }

    #[test]
    fn a_file_is_read_with_its_faults_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            from_file(&path)
        };
        assert_eq!(at("good", b"s3cr3t-token\n").unwrap().token, "s3cr3t-token");
        let refused = |result: Result<Credential, CredentialError>, expected: &str| {
            let message = result.unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        };
        refused(at("empty", b""), "is empty");
        refused(at("line", b"\n"), "is empty");
        refused(at("bom", b"\xef\xbb\xbfabc"), "byte order mark");
        refused(at("binary", b"\xff\xfe"), "not UTF-8");
        refused(at("long", &vec![b'x'; LONGEST + 9]), "64 KiB");
        refused(from_file(folder.path()), "is a directory");
        refused(from_file(&folder.path().join("absent")), "can't be read");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_warned_about() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "abcdefgh").unwrap();
        for (mode, warned) in [(0o600, false), (0o644, true)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(from_file(&path).unwrap().warning.is_some(), warned);
        }
    }

    #[test]
    fn one_source_only() {
        let sources = Sources {
            env: Some("X".into()),
            stdin: true,
            ..Sources::default()
        };
        let message = sources.read().unwrap_err().to_string();
        assert!(
            message.contains("--token-env and --token-stdin"),
            "{message}"
        );
        assert_eq!(Sources::default().read().unwrap(), None);
    }
}
