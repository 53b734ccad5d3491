//! The golden vectors through the Rust API, as part of `cargo test`. The C ABI needs libraries of its own: `tests/golden/run.py`.

use golden::{rust_api, vectors};
use std::path::Path;

#[test]
fn every_vector_gives_what_the_reference_gave() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors");
    for name in rust_api::MODULES {
        let tally = rust_api::play_module(&vectors::load(&folder, name).unwrap());
        tally.print(name);
        assert_eq!((tally.failed, tally.missed), (0, 0), "{name}");
        assert!(tally.passed > 0, "{name}");
    }
}
