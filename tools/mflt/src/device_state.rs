//! Heap, task watchdog and log of a crashed device as text.

use crate::printable::one_line;
use crate::render;
use memfault_decode::model::{DeviceState, HeapBlock, HeapStats, WatchdogChannel};
use std::fmt::Write as _;

/// Most lines of the log, and blocks of the heap.
const MOST: usize = 20;

/// Writes what is known.
pub fn write(out: &mut String, state: &DeviceState) {
    if let Some(channels) = &state.task_watchdog {
        task_watchdog(out, channels);
    }
    if let Some(heap) = state.heap_stats.as_ref().filter(|heap| **heap != unused(heap.pool_size)) {
        heap_stats(out, heap);
    }
    if let Some(lines) = state.logs.as_ref().filter(|lines| !lines.is_empty()) {
        out.push_str("log, the last lines:\n");
        for line in lines.iter().skip(lines.len().saturating_sub(MOST)) {
            render::log_line(out, line, 6, false);
        }
    }
    for problem in &state.problems {
        let _ = writeln!(out, "{}", one_line(problem));
    }
}

/// The statistics of a firmware that has the component and never calls it.
fn unused(pool_size: u64) -> HeapStats {
    HeapStats { pool_size, ..HeapStats::default() }
}

fn task_watchdog(out: &mut String, channels: &[WatchdogChannel]) {
    out.push_str("task watchdog:\n");
    let name = |(index, channel): (usize, &WatchdogChannel)| {
        one_line(&channel.name.clone().unwrap_or_else(|| format!("#{index}"))).into_owned()
    };
    let names: Vec<String> = channels.iter().enumerate().map(name).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    for (name, channel) in names.iter().zip(channels) {
        let _ = write!(out, "  {name:<width$}  {:<7}  fed at {} ms", channel.state, channel.fed_ms);
        if let Some(behind) = channel.behind_ms.filter(|behind| *behind > 0) {
            let _ = write!(out, ", {behind} ms before the last one");
        }
        if channel.expired == Some(true) {
            out.push_str("  EXPIRED");
        }
        out.push('\n');
    }
}

fn heap_stats(out: &mut String, heap: &HeapStats) {
    let (count, most) = (heap.in_use_block_count, heap.max_in_use_block_count);
    let bytes: u64 = heap.in_use.iter().map(|block| u64::from(block.size)).sum();
    let blocks = if count == 1 { "block" } else { "blocks" };
    let _ = write!(out, "heap: {count} {blocks} in use, {most} at the most; ");
    let _ = writeln!(out, "{} of them remembered, with {bytes} bytes:", heap.in_use.len());
    for block in heap.in_use.iter().take(MOST) {
        heap_block(out, block, "");
    }
    if heap.in_use.len() > MOST {
        let _ = writeln!(out, "  and {} older ones (--format json has them)", heap.in_use.len() - MOST);
    }
    for block in heap.freed.iter().take(MOST) {
        heap_block(out, block, "  freed");
    }
    for warning in &heap.warnings {
        let _ = writeln!(out, "  warning: {}", one_line(warning));
    }
}

fn heap_block(out: &mut String, block: &HeapBlock, note: &str) {
    let _ = write!(out, "  {} + {:<6} by {}", block.address, block.size, block.caller);
    if let Some(source) = &block.source {
        let _ = write!(out, " in {}", one_line(source));
    }
    let _ = writeln!(out, "{note}");
}
