//! Random operations through the Rust API; more of them, and the C ABI: `cargo run -p properties`.

use golden::report::Tally;
use golden::{rust_api, vectors};
use properties::{models, run};
use std::path::Path;

#[test]
fn the_rust_api_does_what_the_models_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors");
    for name in models::MODULES.into_iter().filter(|name| rust_api::MODULES.contains(name)) {
        let module = vectors::load(&folder, name).unwrap();
        let mut tally = Tally::default();
        for group in run::groups(&module, 4).iter().filter(|group| rust_api::player(name, group).is_ok()) {
            run::play_rust(name, group, run::random_plays(name, group, 1, 50).unwrap(), &mut tally).unwrap();
        }
        tally.print(name);
        assert_eq!((tally.failed, tally.missed), (0, 0), "{name}");
        assert!(tally.passed > 0, "{name}");
    }
}
