//! scimitar tells a SCIM 2.0 service provider the truth about itself.
//!
//! # The house
//!
//! A small strict spine (exchange → judgement → record → report) with many small leaves.
//! A module imports only from the rows below its own, never from its own row; a test holds to it.
//!
//! ```text
//! row 7  main  cli
//! row 6  run  tap
//! row 5  client  probe  provider  report
//! row 4  suite  ledger  record
//! row 3  check  oracle  payload  session
//! row 2  exchange  requirement  redact
//! row 1  scim  clock  seed
//! ```

pub mod check;
pub mod cli;
pub mod client;
pub mod clock;
pub mod exchange;
pub mod ledger;
pub mod oracle;
pub mod payload;
pub mod probe;
pub mod provider;
pub mod record;
pub mod redact;
pub mod report;
pub mod requirement;
pub mod run;
pub mod scim;
pub mod seed;
pub mod session;
pub mod suite;
pub mod tap;
