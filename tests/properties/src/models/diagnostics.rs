//! Spec 30 chapters 11 and 12: heap statistics and task watchdog.

use golden::rust_api::{Player, changes, object};
use golden::step::Step;
use golden::vectors::{Group, Object, to_hex};
use serde_json::{Value, json};

const END: u16 = 0xffff;

/// An entry of the pool.
#[derive(Clone, Default, PartialEq)]
struct Entry {
    lr: u64,
    ptr: u64,
    size: u32,
    in_use: bool,
    next: u16,
}

impl Entry {
    /// As it lies in the memory of this machine.
    fn bytes(&self) -> Vec<u8> {
        let size_and_use = self.size | u32::from(self.in_use) << 31;
        let numbers = [self.lr.to_le_bytes(), self.ptr.to_le_bytes()].concat();
        [&numbers[..], &size_and_use.to_le_bytes(), &self.next.to_le_bytes(), &[0; 2]].concat()
    }
}

/// The module `heap_stats`.
pub struct HeapStats {
    counts_itself: bool,
    locks: bool,
    count: u32,
    max: u32,
    head: u16,
    pool: Vec<Entry>,
    shown_stats: Vec<u8>,
    shown_pool: Vec<Entry>,
}

impl HeapStats {
    pub fn new(group: &Group) -> Self {
        let pool = vec![Entry::default(); group.number("MEMFAULT_HEAP_STATS_MAX_COUNT", 32) as usize];
        Self {
            counts_itself: group.number("MEMFAULT_IN_USE_BLOCK_COUNT_AUTOMATIC", 1) != 0,
            locks: group.number("MEMFAULT_COREDUMP_HEAP_STATS_LOCK_ENABLE", 1) != 0,
            count: 0,
            max: 0,
            head: END,
            shown_stats: vec![0; 16],
            shown_pool: pool.clone(),
            pool,
        }
    }

    fn increment(&mut self) {
        self.count = self.count.wrapping_add(1);
        self.max = self.max.max(self.count);
    }

    fn lowest(&self, wanted: impl Fn(&Entry) -> bool) -> Option<usize> {
        self.pool.iter().position(wanted)
    }

    fn malloc(&mut self, lr: u64, ptr: u64, size: u64) -> Result<(), String> {
        if self.counts_itself {
            self.increment();
        }
        let never_used = self.lowest(|e| !e.in_use && e.size == 0);
        let free = || self.lowest(|e| !e.in_use);
        let oldest = || self.lowest(|e| e.in_use && e.next == END);
        let slot = never_used.or_else(free).or_else(oldest).ok_or("no slot")?;
        let size = size as u32 & 0x7fff_ffff;
        self.pool[slot] = Entry { lr, ptr, size, in_use: true, next: self.head };
        self.head = slot as u16;
        if let Some(entry) = self.pool.iter_mut().find(|e| e.in_use && e.next == slot as u16) {
            entry.next = END;
        }
        Ok(())
    }

    fn free(&mut self, ptr: u64) {
        if self.counts_itself {
            self.count = self.count.wrapping_sub(1);
        }
        let Some(slot) = self.lowest(|e| e.in_use && e.ptr == ptr) else { return };
        self.pool[slot].in_use = false;
        let next = self.pool[slot].next;
        if self.head == slot as u16 {
            self.head = next;
        }
        if let Some(entry) = self.pool.iter_mut().find(|e| e.in_use && e.next == slot as u16) {
            entry.next = next;
        }
        self.pool[slot].next = END;
    }

    /// Every entry in use is in the list once.
    fn check_list(&self) -> Result<(), String> {
        let mut index = self.head;
        let mut in_list = 0;
        while index != END {
            in_list += 1;
            if in_list > self.pool.len() {
                return Err("the list has a cycle".into());
            }
            index = self.pool[usize::from(index)].next;
        }
        let in_use = self.pool.iter().filter(|e| e.in_use).count();
        if in_list == in_use { Ok(()) } else { Err(format!("{in_list} of {in_use} entries are in the list")) }
    }

    fn show_changes(&mut self, results: &mut Value) {
        let mut stats = vec![2, 0, 0, 0];
        stats.extend([self.count.to_le_bytes(), self.max.to_le_bytes()].concat());
        stats.extend(u32::from(self.head).to_le_bytes());
        if stats != self.shown_stats {
            results["stats"] = to_hex(&stats).into();
            self.shown_stats = stats;
        }
        let changed: Vec<Value> = (self.pool.iter().zip(&self.shown_pool).enumerate())
            .filter(|(_, (now, shown))| now != shown)
            .map(|(index, (now, _))| json!([index, to_hex(&now.bytes())]))
            .collect();
        results["pool"] = changed.into();
        self.shown_pool.clone_from(&self.pool);
    }
}

impl Player for HeapStats {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let mut results = json!({});
        let mut locks = u32::from(self.locks);
        match step.name.as_str() {
            "init" => return Ok(Object::new()),
            "malloc" if step.number::<u64>("ptr")? == 0 => {}
            "malloc" => self.malloc(step.number("lr")?, step.number("ptr")?, step.number("size")?)?,
            "free" if step.number::<u64>("ptr")? == 0 => {}
            "free" => self.free(step.number("ptr")?),
            "reset" => {
                (self.count, self.max, self.head) = (0, 0, END);
                self.pool.fill(Entry::default());
            }
            _ => {
                locks = 0;
                match step.name.as_str() {
                    "initial" => results["empty"] = (self.pool[0].size == 0).into(),
                    "empty" => results["ret"] = (self.pool[0].size == 0).into(),
                    "increment_in_use_block_count" => self.increment(),
                    "decrement_in_use_block_count" => self.count = self.count.wrapping_sub(1),
                    _ => return step.unknown(),
                }
            }
        }
        self.check_list()?;
        if locks > 0 {
            results["locks"] = locks.into();
        }
        self.show_changes(&mut results);
        Ok(object(results))
    }
}

/// The module `task_watchdog`.
pub struct TaskWatchdog {
    timeout: u32,
    clock: u64,
    /// When each was fed, and whether it is started.
    channels: Vec<(u32, bool)>,
    shown: Vec<u8>,
}

impl TaskWatchdog {
    pub fn new(group: &Group) -> Self {
        let channels = vec![(0, false); group.channels.len()];
        Self {
            timeout: group.number("MEMFAULT_TASK_WATCHDOG_TIMEOUT_INTERVAL_MS", 1000) as u32,
            clock: 0,
            shown: vec![0; 8 * channels.len()],
            channels,
        }
    }

    fn memory(&self) -> Vec<u8> {
        let channel = |(fed, started): &(u32, bool)| [fed.to_le_bytes(), u32::from(*started).to_le_bytes()].concat();
        self.channels.iter().flat_map(channel).collect()
    }
}

impl Player for TaskWatchdog {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        const TASK_WATCHDOG: u32 = 0x800c;
        let now = self.clock as u32;
        let mut results = json!({});
        let mut asks_the_clock = true;
        let clock_is_given = step.argument("clock").is_some();
        match step.name.as_str() {
            "init" if clock_is_given => {
                self.clock = step.number("clock")?;
                asks_the_clock = false;
            }
            "clock" => {
                self.clock = step.number("ms")?;
                asks_the_clock = false;
            }
            "init" => {
                self.channels.fill((0, false));
                asks_the_clock = false;
            }
            "start" => self.channels[step.number::<usize>("channel")?] = (now, true),
            "feed" => self.channels[step.number::<usize>("channel")?].0 = now,
            "stop" => {
                self.channels[step.number::<usize>("channel")?].1 = false;
                asks_the_clock = false;
            }
            "check_all" => {
                // The difference of a clock that wraps.
                let late = |(fed, started): &(u32, bool)| *started && now.wrapping_sub(*fed) > self.timeout;
                let assert = json!(["assert_extra", 0, TASK_WATCHDOG]);
                results["calls"] = json!([if self.channels.iter().any(late) { assert } else { json!(["refresh"]) }]);
            }
            _ => return step.unknown(),
        }
        if asks_the_clock {
            results["time_calls"] = 1.into();
        }
        let memory = self.memory();
        if let Some(change) = changes(&memory, &mut self.shown) {
            results["channels"] = change;
        }
        Ok(object(results))
    }
}
