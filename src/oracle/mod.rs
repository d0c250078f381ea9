//! What a right server would answer: reference evaluation of filters, reference application of
//! PATCH and PUT.
//!
//! Pure, driven by schemas, naive on purpose. Where the RFCs leave a question open the oracle
//! gives every fair answer. Nothing of it runs in the embedded provider, which is judged by it.

pub mod filter;
