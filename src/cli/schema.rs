//! `scimitar schema`: JSON Schemas of a target's resources and of SCIM's messages, as files for others to use.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use serde_json::Value;

use super::config::Config;
use super::console::{Console, say};
use super::exit::{Exit, Failure};
use super::option::TargetFlags;
use super::output;
use super::target::{self, Place};
use super::value::counted;
use crate::run::preflight;
use crate::scim::capabilities::Capabilities;
use crate::scim::to_json_schema::{self, Message, Openness, View};
use crate::session::discovery::{Discovery, discover};

/// Writes JSON Schemas of the target's resource types and of SCIM's messages
///
/// The schemas are of draft 2020-12 and describe answers without a projection. Those of resource types are made from
/// what the target serves at /Schemas and /ResourceTypes; where it serves nothing of use, the RFC's stand in.
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Base URL of the service provider, such as https://idp.example/scim/v2
    url: Option<String>,
    /// Take the built-in service provider, started on loopback
    #[arg(long)]
    embedded: bool,
    /// Directory for the files; those of the same names are replaced
    #[arg(long, value_name = "DIR", default_value = "scimitar-schema")]
    output: PathBuf,
    #[command(flatten)]
    target: TargetFlags,
}

/// Folder of the messages' schemas, below the directory.
const MESSAGES: &str = "message";

/// Names in requests which command they come from.
const RUN_ID: &str = "schema";

/// Longest name of a file that a resource type gives, without its ending.
const MAX_NAME: usize = 64;

/// Defects of discovery that are said one by one.
const MAX_SAID: usize = 20;

/// Writes the schemas: the exit code.
///
/// # Errors
/// Where the target can't be reached or is none, or a file can't be written.
pub(super) fn run(args: &Args, config: &Config, console: Console) -> Result<u8, Failure> {
    let url = target::url(args.url.as_deref(), args.embedded, config)?;
    let place = match &url {
        Some(url) => Some(Place::at(url, &args.target, config)?),
        None => None,
    };
    prepare(&args.output)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Bug, format!("cannot start the runtime: {error}")))?;
    let found = runtime.block_on(async {
        let (place, _embedded) = Place::or_embedded(place, &args.target, config).await?;
        for warning in &place.warnings {
            say(&format!("warning: {warning}"));
        }
        Ok(discover(&place.client(RUN_ID)?).await)
    })?;
    if let Some(trouble) = &found.trouble {
        let base = url.unwrap_or_default();
        let refusal = preflight::refusal(&base, trouble, found.exchanges.first());
        say(&format!("scimitar: {}", refusal.message));
        return Ok(refusal.reason.code());
    }
    if !console.quiet {
        tell(&found);
    }
    let written = write(&args.output, &found.capabilities)?;
    output::print(&written)?;
    Ok(Exit::Ok.into())
}

/// Makes the folders, before anything is sent.
fn prepare(directory: &Path) -> Result<(), Failure> {
    let probe = directory
        .join(MESSAGES)
        .join(file_of(Message::ALL[0].name()));
    std::fs::create_dir_all(directory.join(MESSAGES))
        .and_then(|()| std::fs::OpenOptions::new().create(true).append(true).open(&probe))
        .map(drop)
        .map_err(|error| {
            let directory = directory.display();
            Failure::new(
                Exit::CannotCreate,
                format!("cannot write to the directory {directory}: {error}\n  name another one with --output; nothing was sent"),
            )
        })
}

/// Says what discovery lacked.
fn tell(found: &Discovery) {
    for remark in &found.remarks {
        say(&format!("note: {remark}"));
    }
    for defect in found.defects.iter().take(MAX_SAID) {
        say(&format!(
            "note: {}{} {}",
            defect.document, defect.at, defect.message
        ));
    }
    if found.defects.len() > MAX_SAID {
        let rest = counted(found.defects.len() - MAX_SAID, "defect");
        say(&format!("note: {rest} more in the discovery documents"));
    }
    for resource_type in &found.capabilities.resource_types {
        if found.capabilities.schema_set(&resource_type.name).is_none() {
            say(&format!(
                "note: there is no schema for {}: /Schemas does not hold {}",
                resource_type.name, resource_type.schema
            ));
        }
    }
}

/// Writes all files: a line for each.
fn write(directory: &Path, capabilities: &Capabilities) -> Result<String, Failure> {
    let mut listing = String::new();
    let mut taken = BTreeSet::new();
    for resource_type in &capabilities.resource_types {
        let Some(set) = capabilities.schema_set(&resource_type.name) else {
            continue;
        };
        let schema =
            to_json_schema::resource(&resource_type.name, &set, &View::whole(), Openness::Open);
        let path = directory.join(file_of(&unique(&resource_type.name, &mut taken)));
        put(&path, &schema)?;
        let urns: Vec<&str> = set.urns().collect();
        let of = if capabilities.is_assumed(&set.core.id) {
            ", of the RFC"
        } else {
            ""
        };
        let _ = writeln!(
            listing,
            "{}  {}{of}",
            path.display(),
            plain(&urns.join(" + "))
        );
    }
    for message in Message::ALL {
        let path = directory.join(MESSAGES).join(file_of(message.name()));
        put(&path, message.document())?;
        let _ = writeln!(listing, "{}  {} message", path.display(), message.name());
    }
    Ok(listing)
}

fn put(path: &Path, schema: &Value) -> Result<(), Failure> {
    std::fs::write(path, format!("{schema:#}\n")).map_err(|error| {
        Failure::new(
            Exit::CannotWrite,
            format!("cannot write {}: {error}", path.display()),
        )
    })
}

fn file_of(name: &str) -> String {
    format!("{name}.schema.json")
}

/// A file name for a resource type that no other has, whatever the letter case, and that stays in its folder.
fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let safe: String = name
        .chars()
        .take(MAX_NAME)
        .map(|c| if is_safe(c) { c } else { '-' })
        .collect();
    let mut unique = safe.clone();
    let mut number = 2;
    while !taken.insert(unique.to_ascii_lowercase()) {
        unique = format!("{safe}-{number}");
        number += 1;
    }
    unique
}

/// Text of a target on one line of a terminal.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(400).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_gives_a_file_that_stays_in_its_folder() {
        let mut taken = BTreeSet::new();
        for (name, expected) in [
            ("User", "User"),
            ("USER", "USER-2"),
            ("../../etc/passwd", "------etc-passwd"),
            ("a\u{0}\u{202e}b", "a--b"),
            ("", ""),
            ("", "-2"),
        ] {
            assert_eq!(unique(name, &mut taken), expected);
        }
        assert_eq!(unique(&"x".repeat(999), &mut taken).len(), MAX_NAME);
    }
}
