//! The SCIM protocol as data: names, schemas, filters, paths, messages. No I/O.

pub mod capabilities;
pub mod datetime;
pub mod error;
pub mod filter;
pub mod json;
pub mod list;
pub mod path;
pub mod resource;
pub mod schema;
pub mod to_json_schema;
pub mod urn;
