//! The target `suite` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    scimitar_fuzz::suite(data);
});
