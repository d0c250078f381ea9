//! What mutation begins with: committed inputs, and the project's own vectors, payloads and scenarios.

use std::path::{Path, PathBuf};

use scimitar_fuzz::Target;

/// Most inputs that are kept while a target runs.
pub const MOST: usize = 4_000;

/// Most files of the project that one target begins with.
const FILES: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The inputs of a target, in the same order each time.
pub fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    files(
        &root().join("tests/fuzz/corpus").join(target.name),
        "",
        &mut all,
    );
    match target.name {
        "filter" => texts("filter.toml", "filter", "filter", &mut all),
        "path" => operations(&mut all),
        "json" => {
            files(&root().join("fixtures/payload"), "json", &mut all);
            files(&root().join("fixtures/schema"), "json", &mut all);
        }
        _ => files(&root().join("suites/rfc"), "yaml", &mut all),
    }
    all.retain(|it| it.len() <= target.longest);
    if all.is_empty() {
        all.push(Vec::new());
    }
    all
}

/// The files below a folder whose names end so.
fn files(folder: &Path, end: &str, all: &mut Vec<Vec<u8>>) {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|it| it.path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, end, all);
        } else if path.to_string_lossy().ends_with(end)
            && all.len() < FILES
            && let Ok(bytes) = std::fs::read(&path)
        {
            all.push(bytes);
        }
    }
}

/// One member of each entry of a file of vectors.
fn texts(file: &str, list: &str, member: &str, all: &mut Vec<Vec<u8>>) {
    let entries = vectors(file, list);
    let texts = entries
        .iter()
        .filter_map(|entry| entry.get(member)?.as_str());
    all.extend(texts.map(|text| text.as_bytes().to_vec()));
}

fn vectors(file: &str, list: &str) -> Vec<toml::Value> {
    let text =
        std::fs::read_to_string(root().join("fixtures/vector").join(file)).unwrap_or_default();
    let table: toml::Table = toml::from_str(&text).unwrap_or_default();
    table
        .get(list)
        .and_then(toml::Value::as_array)
        .cloned()
        .unwrap_or_default()
}

/// The paths in the operations of the vectors of PATCH.
fn operations(all: &mut Vec<Vec<u8>>) {
    for entry in vectors("patch.toml", "patch") {
        let operations = entry
            .get("operations")
            .and_then(toml::Value::as_str)
            .unwrap_or_default();
        let operations: serde_json::Value = serde_json::from_str(operations).unwrap_or_default();
        let paths = operations
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|it| it.get("path")?.as_str());
        all.extend(paths.map(|path| path.as_bytes().to_vec()));
    }
}

fn folder() -> PathBuf {
    let folder = root().join("target/fuzz");
    // Where it cannot be made, writing to it says so.
    let _ = std::fs::create_dir_all(&folder);
    folder
}

/// Where the input that is being tried stands, should the process die of it.
pub fn current(target: &Target) -> PathBuf {
    folder().join(format!("{}.current", target.name))
}

/// Keeps an input that breaks a law; its file.
pub fn keep(target: &Target, input: &[u8]) -> String {
    let name = input.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let path = folder().join(format!("{}-{name:016x}", target.name));
    match std::fs::write(&path, input) {
        Ok(()) => path.display().to_string(),
        Err(error) => format!("no file: {error}"),
    }
}
