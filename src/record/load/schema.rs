//! The published JSON Schema of `load.json`, made from the types themselves.

use serde_json::Value;

use super::LoadRecord;

/// The JSON Schema (2020-12) of a load record.
pub fn load_schema() -> Value {
    let mut schema = schemars::schema_for!(LoadRecord).to_value();
    if let Some(members) = schema.as_object_mut() {
        members.insert("title".to_owned(), "scimitar load record, version 1".into());
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Tool;

    const FILE: &str = "reports/schema/load.schema.json";

    #[test]
    fn the_published_schema_is_that_of_the_types() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
        let made = format!("{:#}\n", load_schema());
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let published = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            published == made,
            "{FILE} is out of date: write it anew with UPDATE=1"
        );
    }

    #[test]
    fn a_record_fits_its_schema_and_comes_back_as_it_was() {
        let validator = jsonschema::validator_for(&load_schema()).unwrap();
        assert!(!validator.is_valid(&serde_json::json!({"format": "scimitar.load"})));
        let tool = Tool {
            version: "1".to_owned(),
            suite_digest: "x".to_owned(),
        };
        let mut record = LoadRecord::new(tool, 7);
        record.total.statuses.insert(200, 3);
        record.total.errors.by_cause.insert("reset".to_owned(), 1);
        let written = serde_json::to_value(&record).unwrap();
        assert!(validator.is_valid(&written));
        let read: LoadRecord = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), written);
    }
}
