//! A firmware for the tests: metrics in memory, and a platform that notes what happens.

use crate::config::Defaults;
use crate::events::envelope::{BUILD_ID_LEN, DeviceInfo, Identity};
use crate::events::storage::Lock;
use crate::events::store::testing::MemoryStore;
use crate::metrics::Metrics;
use crate::metrics::platform::{Edge, Platform};
use crate::metrics::registry::{Entry, Kind, Registry};
use std::cell::{Cell, RefCell};
use std::string::String;
use std::vec::Vec;
use std::{boxed::Box, format};

/// A metric of the list.
#[derive(Clone, Copy, Debug)]
pub struct Declared {
    pub kind: Kind,
    pub session: u32,
    pub max_len: usize,
    slot: usize,
}

/// The metrics of a firmware, made like a `.def` file.
#[derive(Default)]
pub struct Table {
    pub list: Vec<Declared>,
    intervals: Vec<usize>,
    num_sessions: u32,
    values: Vec<Cell<u32>>,
    set_flags: Vec<Cell<u32>>,
    timers: Vec<Cell<u32>>,
    texts: Vec<Cell<u8>>,
}

impl Table {
    /// The two metrics that every firmware has, before `num_sessions` sessions and other metrics.
    pub fn new(num_sessions: u32) -> Self {
        let mut table = Self { num_sessions, ..Self::default() };
        table.intervals.resize(num_sessions as usize + 1, 0);
        table.add(Kind::Timer, num_sessions, 0);
        table.add(Kind::Unsigned, num_sessions, 0);
        table
    }

    /// Declares a metric; returns its index.
    pub fn add(&mut self, kind: Kind, session: u32, max_len: usize) -> i32 {
        let slot = match kind {
            Kind::Timer => self.timers.len(),
            Kind::Text => self.texts.len(),
            _ => 0,
        };
        match kind {
            Kind::Timer => self.timers.push(Cell::new(0)),
            // Not zeroes: bytes that nobody wrote must not show.
            Kind::Text => self.texts.resize(slot + max_len + 1, Cell::new(0xa5)),
            _ => {}
        }
        self.list.push(Declared { kind, session, max_len, slot });
        self.values.push(Cell::new(0));
        self.set_flags.resize(self.list.len().div_ceil(32), Cell::new(0));
        self.list.len() as i32 - 1
    }

    /// Declares a session; returns the index of its length.
    pub fn add_session(&mut self, session: u32) -> i32 {
        let interval = self.add(Kind::Timer, session, 0);
        self.add(Kind::Unsigned, session, 0);
        self.intervals[session as usize] = interval as usize;
        interval
    }

    /// All of the state, as a saved copy has it.
    pub fn save(&self) -> Vec<u32> {
        let words = self.values.iter().chain(&self.set_flags).chain(&self.timers);
        words.map(Cell::get).chain(self.texts.iter().map(|byte| byte.get().into())).collect()
    }

    pub fn restore(&self, saved: &[u32]) {
        let mut saved = saved.iter();
        for word in self.values.iter().chain(&self.set_flags).chain(&self.timers) {
            word.set(*saved.next().unwrap());
        }
        for byte in &self.texts {
            byte.set(*saved.next().unwrap() as u8);
        }
    }
}

#[derive(Clone, Copy)]
pub struct TableEntry<'a> {
    table: &'a Table,
    index: usize,
}

impl<'a> Entry<'a> for TableEntry<'a> {
    fn index(self) -> usize {
        self.index
    }

    fn kind(self) -> Kind {
        self.table.list[self.index].kind
    }

    fn session(self) -> u32 {
        self.table.list[self.index].session
    }

    fn value(self) -> &'a Cell<u32> {
        &self.table.values[self.index]
    }

    fn set_flags(self) -> &'a Cell<u32> {
        &self.table.set_flags[self.index / 32]
    }

    fn timer(self) -> Option<&'a Cell<u32>> {
        let Declared { kind, slot, .. } = self.table.list[self.index];
        (kind == Kind::Timer).then(|| &self.table.timers[slot])
    }

    fn text(self) -> &'a [Cell<u8>] {
        let Declared { kind, slot, max_len, .. } = self.table.list[self.index];
        if kind == Kind::Text { &self.table.texts[slot..=slot + max_len] } else { &[] }
    }
}

impl Registry for &Table {
    type Entry<'a>
        = TableEntry<'a>
    where
        Self: 'a;

    fn entry(&self, index: usize) -> Option<TableEntry<'_>> {
        (index < self.list.len()).then_some(TableEntry { table: self, index })
    }

    fn entries(&self) -> impl Iterator<Item = TableEntry<'_>> {
        (0..self.list.len()).map(|index| TableEntry { table: self, index })
    }

    fn heartbeat(&self) -> u32 {
        self.num_sessions
    }

    fn interval(&self, session: u32) -> Option<TableEntry<'_>> {
        self.intervals.get(session as usize).map(|index| TableEntry { table: self, index: *index })
    }

    fn show<T>(&self, text: &[Cell<u8>], look: impl FnOnce(&[u8]) -> T) -> T {
        look(&text.iter().map(Cell::get).collect::<Vec<_>>())
    }
}

/// The device of the worked examples (spec 40 §22).
#[derive(Default)]
pub struct Device {
    pub unix_time_secs: Cell<Option<u64>>,
}

impl Identity for Device {
    fn unix_time_secs(&self) -> Option<u64> {
        self.unix_time_secs.get()
    }

    fn build_id(&self) -> Option<&[u8; BUILD_ID_LEN]> {
        None
    }

    fn device_info(&self) -> DeviceInfo<'_> {
        DeviceInfo { device_serial: b"", software_type: b"app", software_version: b"2.0", hardware_version: b"hw1" }
    }
}

/// What a test has happen in a hook.
pub type Hook = RefCell<Option<Box<dyn Fn()>>>;

/// The platform.
pub struct Bench {
    pub store: MemoryStore,
    pub device: Device,
    pub now_ms: Cell<u64>,
    /// What happened, in words. Locks and questions for the time are counted instead.
    pub calls: RefCell<Vec<String>>,
    pub lock_pairs: Cell<u32>,
    pub times: Cell<u32>,
    lock_depth: Cell<u32>,
    booted: Cell<bool>,
    pub timer_starts: Cell<bool>,
    pub crashed: Cell<bool>,
    pub tracked: RefCell<Vec<u32>>,
    /// Runs in `restore`; without it there is no saved state.
    pub restoring: Hook,
    pub collecting: Hook,
    /// Runs in every callback of a session.
    pub calling_back: Hook,
}

/// They live for ever, so that hooks can use them.
pub type TestMetrics = Metrics<Defaults, &'static Table, &'static Bench>;

impl Bench {
    pub fn new() -> Self {
        Self {
            store: MemoryStore::with_capacity(1000),
            device: Device::default(),
            now_ms: Cell::new(0),
            calls: RefCell::default(),
            lock_pairs: Cell::new(0),
            times: Cell::new(0),
            lock_depth: Cell::new(0),
            booted: Cell::new(false),
            timer_starts: Cell::new(true),
            crashed: Cell::new(false),
            tracked: RefCell::default(),
            restoring: RefCell::default(),
            collecting: RefCell::default(),
            calling_back: RefCell::default(),
        }
    }

    /// What happened since the last call.
    pub fn calls(&self) -> Vec<String> {
        assert_eq!(self.lock_depth.get(), 0, "the lock is still held");
        self.calls.take()
    }

    fn note(&self, call: String) {
        self.calls.borrow_mut().push(call);
    }

    /// Lock pairs and questions for the time that `work` takes.
    pub fn count<T>(&self, work: impl FnOnce() -> T) -> (T, u32, u32) {
        self.lock_pairs.set(0);
        self.times.set(0);
        let result = work();
        assert_eq!(self.lock_depth.get(), 0, "the lock is still held");
        (result, self.lock_pairs.get(), self.times.get())
    }
}

impl Lock for &Bench {
    fn lock(&self) {
        self.lock_pairs.set(self.lock_pairs.get() + 1);
        self.lock_depth.set(self.lock_depth.get() + 1);
    }

    fn unlock(&self) {
        self.lock_depth.set(self.lock_depth.get().checked_sub(1).expect("unlocked more often than locked"));
    }
}

fn run(hook: &Hook) -> bool {
    let hook = hook.borrow();
    if let Some(hook) = &*hook {
        hook();
    }
    hook.is_some()
}

impl<'a> Platform for &'a Bench {
    type Store = &'a MemoryStore;
    type Identity = Device;

    fn now_ms(&self) -> u64 {
        self.times.set(self.times.get() + 1);
        self.now_ms.get()
    }

    fn identity(&self) -> &Device {
        &self.device
    }

    fn store(&self) -> Option<&'a MemoryStore> {
        self.booted.get().then_some(&self.store)
    }

    fn set_store(&self, _: &'a MemoryStore) {
        self.booted.set(true);
    }

    fn restore(&self) -> bool {
        assert_eq!(self.lock_depth.get(), 0);
        run(&self.restoring)
    }

    fn boot_reliability(&self) {
        self.note("reliability".into());
    }

    fn start_heartbeat_timer(&self) -> bool {
        self.note("timer".into());
        self.timer_starts.get()
    }

    fn boot_connectivity(&self) {
        self.note("connectivity".into());
    }

    fn collect(&self) {
        assert_eq!(self.lock_depth.get(), 0);
        self.note("collect".into());
        run(&self.collecting);
    }

    fn call_back(&self, session: u32, edge: Edge) {
        assert_eq!(self.lock_depth.get(), 0);
        self.note(format!("{edge:?} {session}"));
        run(&self.calling_back);
    }

    fn unexpected_reboot_occurred(&self) -> bool {
        self.note("crashed?".into());
        self.crashed.get()
    }

    fn track_session(&self, active: bool, session: u32) {
        assert_ne!(self.lock_depth.get(), 0);
        let mut tracked = self.tracked.borrow_mut();
        tracked.retain(|other| *other != session);
        if active {
            tracked.push(session);
        }
    }

    fn session_was_active(&self, session: u32) -> bool {
        self.tracked.borrow().contains(&session)
    }

    fn forget_sessions(&self) {
        self.tracked.borrow_mut().clear();
        self.note("forget".into());
    }

    fn report_wrong_type(&self, expected: Kind, found: Kind, index: usize) {
        assert_ne!(self.lock_depth.get(), 0);
        self.note(format!("{expected:?}, not {found:?}: {index}"));
    }

    fn report_not_a_number(&self, index: usize) {
        assert_ne!(self.lock_depth.get(), 0);
        self.note(format!("no number: {index}"));
    }
}

/// The firmware of the worked examples, but for the built-in metrics that the library's own modules set.
pub struct Example {
    pub table: Table,
    pub pump_starts: i32,
    pub tank_temp_c: i32,
    pub valve_name: i32,
    pub flow_l: i32,
    pub idle_ms: i32,
    pub litres: i32,
    pub src: i32,
    pub busy_ms: i32,
    pub dbar: i32,
}

pub const FILL: u32 = 0;
pub const DRAIN: u32 = 1;
pub const HEARTBEAT: u32 = 2;
/// Number of the length of the heartbeat, and of the unexpected reboots.
pub const INTERVAL: i32 = 0;
pub const REBOOTS: i32 = 1;

impl Example {
    pub fn new() -> Self {
        let mut table = Table::new(2);
        let pump_starts = table.add(Kind::Unsigned, HEARTBEAT, 0);
        let tank_temp_c = table.add(Kind::Signed, HEARTBEAT, 0);
        let valve_name = table.add(Kind::Text, HEARTBEAT, 6);
        let flow_l = table.add(Kind::Unsigned, HEARTBEAT, 0);
        let idle_ms = table.add(Kind::Timer, HEARTBEAT, 0);
        table.add_session(FILL);
        let litres = table.add(Kind::Unsigned, FILL, 0);
        let src = table.add(Kind::Text, FILL, 4);
        let busy_ms = table.add(Kind::Timer, FILL, 0);
        table.add_session(DRAIN);
        let dbar = table.add(Kind::Signed, DRAIN, 0);
        // Declared late, so the last one of its session.
        table.add(Kind::Unsigned, FILL, 0);
        Self { table, pump_starts, tank_temp_c, valve_name, flow_l, idle_ms, litres, src, busy_ms, dbar }
    }
}

/// A firmware with these metrics.
pub fn firmware(table: Table) -> (&'static Table, &'static Bench, &'static TestMetrics) {
    let (table, bench): (&Table, &Bench) = (Box::leak(Box::new(table)), Box::leak(Box::new(Bench::new())));
    (table, bench, Box::leak(Box::new(Metrics::new(table, bench))))
}

/// The firmware of the worked examples.
pub fn example() -> (&'static Example, &'static Bench, &'static TestMetrics) {
    let example: &Example = Box::leak(Box::new(Example::new()));
    let bench: &Bench = Box::leak(Box::new(Bench::new()));
    (example, bench, Box::leak(Box::new(Metrics::new(&example.table, bench))))
}

/// The bytes of a text, for `set_text`.
pub fn text(text: &str) -> Option<impl Iterator<Item = u8>> {
    Some(text.bytes())
}

/// What `read_text` leaves in a buffer of `len` bytes that was full of `Z`.
pub fn read_text(metrics: &TestMetrics, index: i32, len: usize) -> Vec<u8> {
    let out: Vec<_> = (0..len).map(|_| Cell::new(b'Z')).collect();
    metrics.read_text(index, &out).unwrap();
    out.iter().map(Cell::get).collect()
}
