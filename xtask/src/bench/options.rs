//! The command line of `cargo xtask bench`.
use super::target::Target;
use anyhow::{Result, bail};

pub const HELP: &str = "\
cargo xtask bench [size|speed|drain|events|stack]... [--target T[,T]...] [--json] [--check]

Builds the benchmark programs of benches/c with libmemfault_rs.a and prints one row per workload: ours, the C SDK's number,
the ratio (below 1 is better). Without a selection: everything.

  size        flash and RAM that the SDK adds to a firmware                  m4 m0plus m33
  speed       instructions: draining 64 KiB, events, coredumps, utilities   m4 host
    drain     only the first part of it
    events    only the second
  stack       deepest stack use                                             m4

  --target T  m4, m0plus, m33, host or all (default: m4,host)
  --json      {\"rows\":[{\"row\":..,\"ours\":..,\"baseline\":..,\"ratio\":..}]}
  --check     fail when a bar is missed (benches/README.md)

Needs arm-none-eabi-gcc with newlib, qemu-system-arm, and for the host gcc and valgrind.
";

pub struct Options {
    pub size: bool,
    pub drain: bool,
    pub events: bool,
    pub stack: bool,
    pub targets: Vec<Target>,
    pub format: Format,
    pub check: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Table,
    Json,
}

/// `None`: help was asked for.
pub fn parse(args: &[String]) -> Result<Option<Options>> {
    let mut options = Options {
        size: false,
        drain: false,
        events: false,
        stack: false,
        targets: Vec::new(),
        format: Format::Table,
        check: false,
    };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "size" => options.size = true,
            "speed" => (options.drain, options.events) = (true, true),
            "drain" => options.drain = true,
            "events" => options.events = true,
            "stack" => options.stack = true,
            "--json" => options.format = Format::Json,
            "--check" => options.check = true,
            "--target" => match args.next() {
                Some(list) => options.targets.extend(parse_targets(list)?),
                None => bail!("--target needs a value\n\n{HELP}"),
            },
            "-h" | "--help" | "help" => return Ok(None),
            _ => bail!("bench has no option \"{arg}\"\n\n{HELP}"),
        }
    }
    if !(options.size || options.drain || options.events || options.stack) {
        (options.size, options.drain, options.events, options.stack) = (true, true, true, true);
    }
    if options.targets.is_empty() {
        options.targets = vec![Target::M4, Target::Host];
    }
    options.targets.dedup();
    Ok(Some(options))
}

fn parse_targets(list: &str) -> Result<Vec<Target>> {
    if list == "all" {
        return Ok(Target::ALL.to_vec());
    }
    list.split(',')
        .map(|name| match Target::ALL.into_iter().find(|t| t.name() == name) {
            Some(target) => Ok(target),
            None => bail!("no target \"{name}\"\n\n{HELP}"),
        })
        .collect()
}
