//! What the target says of itself, and how late it is read.

use super::Limits;
use super::page::clean;
use crate::record::RunRecord;
use crate::report::word;

/// What the target claims, by name.
pub(super) fn claims(record: &RunRecord, limits: Limits) -> Vec<(String, String)> {
    let claims = &record.target.capabilities;
    let word = |held: bool| if held { "yes" } else { "no" }.to_owned();
    let lag = record.target.lag_ms;
    let ms = |ms: Option<u64>| ms.map_or_else(|| "not measured".to_owned(), word::duration);
    let types: Vec<String> = claims
        .resource_types
        .iter()
        .map(|kind| format!("{} at {}", kind.name, kind.endpoint))
        .collect();
    let rows = [
        ("Resource types", types.join(", ")),
        ("Schemas", claims.schemas.len().to_string()),
        ("PATCH", word(claims.patch)),
        (
            "Filter",
            claims
                .filter
                .map_or_else(|| word(false), |max| format!("yes, {max} results")),
        ),
        (
            "Bulk",
            claims.bulk.map_or_else(
                || word(false),
                |bulk| {
                    format!(
                        "yes, {} operations, {} bytes",
                        bulk.max_operations, bulk.max_payload_size
                    )
                },
            ),
        ),
        ("Sort", word(claims.sort)),
        ("ETag", word(claims.etag)),
        ("Change of password", word(claims.change_password)),
        ("Authentication", claims.authentication_schemes.join(", ")),
        ("Read lag by id", ms(lag.by_id)),
        ("Read lag by filter", ms(lag.by_filter)),
        ("Read lag by list", ms(lag.by_list)),
    ];
    rows.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), clean(&value, limits.value)))
        .collect()
}
