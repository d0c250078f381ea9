//! scimitar tells a SCIM 2.0 service provider the truth about itself.
//!
//! # The house
//!
//! A small strict spine (exchange → judgement → record → report) with many small leaves.
//! A module imports only from the rows below its own, never from its own row; a test holds to it.
//!
//! ```text
//! row 7  main  cli
//! row 6  run  load  tap
//! row 5  client  probe  provider  report
//! row 4  suite  ledger  record
//! row 3  check  oracle  payload  session
//! row 2  exchange  requirement  redact
//! row 1  scim  clock  seed
//! ```
//!
//! Without the feature `net` only what needs no socket is built: rows 1 to 3 and `suite`.

pub mod check;
#[cfg(feature = "net")]
pub mod cli;
#[cfg(feature = "net")]
pub mod client;
pub mod clock;
pub mod exchange;
#[cfg(feature = "net")]
pub mod ledger;
#[cfg(feature = "net")]
pub mod load;
pub mod oracle;
pub mod payload;
#[cfg(feature = "net")]
pub mod probe;
#[cfg(feature = "net")]
pub mod provider;
#[cfg(feature = "net")]
pub mod record;
pub mod redact;
#[cfg(feature = "net")]
pub mod report;
pub mod requirement;
#[cfg(feature = "net")]
pub mod run;
pub mod scim;
pub mod seed;
pub mod session;
pub mod suite;
#[cfg(feature = "net")]
pub mod tap;
