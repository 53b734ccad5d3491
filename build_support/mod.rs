//! What the build scripts share: the options, the records of a configuration object, the C compiler of a target.
pub mod c_compiler;
pub mod generate;
pub mod options;
pub mod record;
pub mod text;
