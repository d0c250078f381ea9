//! The published JSON Schema of `run.json`, made from the types themselves.

use serde_json::Value;

use super::RunRecord;

/// The JSON Schema (2020-12) of a run record.
pub fn run_schema() -> Value {
    let mut schema = schemars::schema_for!(RunRecord).to_value();
    if let Some(members) = schema.as_object_mut() {
        members.insert("title".to_owned(), "scimitar run record, version 1".into());
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "reports/schema/run.schema.json";

    #[test]
    fn the_published_schema_is_that_of_the_types() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
        let made = format!("{:#}\n", run_schema());
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &made).unwrap();
        }
        let published = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            published == made,
            "{FILE} is out of date: write it anew with UPDATE=1"
        );
    }

    #[test]
    fn it_is_a_schema_that_refuses_what_is_no_record() {
        let validator = jsonschema::validator_for(&run_schema()).unwrap();
        assert!(!validator.is_valid(&serde_json::json!({"format": "scimitar.run"})));
    }
}
