//! The models against the vectors of the reference: a model that is wrong proves nothing.

use golden::vectors;
use properties::{models, run};
use std::path::Path;

#[test]
fn models_give_what_the_reference_gave() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors");
    for name in models::MODULES {
        let tally = run::check_model(&vectors::load(&folder, name).unwrap());
        tally.print(name);
        assert_eq!((tally.failed, tally.missed), (0, 0), "{name}");
        assert!(tally.passed > 0, "{name}");
    }
}
