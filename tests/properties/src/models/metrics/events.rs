//! Spec 40 chapters 11, 13 and 14: the event, its largest size, the saved state's size, and the printed lines.

use super::table::{Kind, Metric};
use super::values::Value;
use super::{Metrics, Options};
use crate::models::cbor::{self, Sink, integer, string};
use crate::models::events::{Device, HEARTBEAT, INFO};
use golden::vectors::to_text;

const NULL: u8 = 0xf6;

/// Where an event goes: to the storage, or nowhere while its largest size is measured.
#[derive(Clone, Copy, PartialEq)]
enum Purpose {
    Store,
    Measure,
}

fn item(metric: &Metric, value: &Value, purpose: Purpose) -> Vec<Vec<u8>> {
    let largest = purpose == Purpose::Measure;
    match metric.kind {
        Kind::Text { .. } => string(3, &value.text),
        Kind::Unsigned | Kind::Timer if largest => vec![integer(u32::MAX.into())],
        Kind::Signed if largest => vec![integer(i32::MIN.into())],
        Kind::Timer => vec![integer(value.raw.into())],
        _ if !value.is_set => vec![vec![NULL]],
        Kind::Unsigned => vec![integer(value.raw.into())],
        Kind::Signed => vec![integer((value.raw as i32).into())],
    }
}

/// `align4` of the specification.
fn words(bytes: usize) -> usize {
    bytes.div_ceil(4) * 4
}

impl Metrics {
    pub fn members(&self, session: usize) -> impl Iterator<Item = (&Metric, &Value)> {
        self.table.metrics.iter().zip(&self.state.values.0).filter(move |(metric, _)| metric.session == session)
    }

    /// Event info: the session, and its values.
    fn event_info(&self, session: usize, purpose: Purpose) -> Vec<Vec<u8>> {
        let count = self.members(session).count();
        let mut pieces = vec![integer(4), cbor::head(5, 2), integer(2), integer(session as i64)];
        pieces.extend([integer(1), cbor::head(4, count as u64)]);
        pieces.extend(self.members(session).flat_map(|(metric, value)| item(metric, value, purpose)));
        pieces
    }

    pub fn worst_case(&mut self, session: usize) -> usize {
        let pieces = self.event_info(session, Purpose::Measure);
        let mut sink = Sink::default();
        let _everything_fits = self.device.metadata(&mut sink, HEARTBEAT) && sink.pieces(&pieces);
        sink.size
    }

    pub fn store_event(&mut self, session: usize) -> bool {
        let pieces = self.event_info(session, Purpose::Store);
        let encode = |device: &mut Device, sink: &mut Sink| device.metadata(sink, HEARTBEAT) && sink.pieces(&pieces);
        self.has_storage && self.storage.store_event(&mut self.device, encode)
    }

    /// Bytes of the saved state.
    pub fn state_len(&self) -> usize {
        let Options { pointer_len, logs, .. } = self.options;
        let padding = if pointer_len == 8 { 4 } else { 0 };
        let (metrics, sessions) = (self.table.metrics.len(), self.table.sessions.len());
        let timers = self.table.metrics.iter().filter(|metric| metric.kind == Kind::Timer).count();
        let texts = self.table.metrics.iter().map(|metric| match metric.kind {
            Kind::Text { max_len } => max_len + 1,
            _ => 0,
        });
        let fixed = pointer_len + 12 + padding + 2 * sessions * pointer_len;
        let values = metrics * pointer_len + words(metrics.div_ceil(8));
        fixed + values + 4 * timers + words(1 + texts.sum::<usize>()) + if logs { 8 } else { 0 }
    }

    /// One line per metric.
    pub fn print(&mut self, selected: impl Fn(&Metric) -> bool) {
        self.update_timers();
        let mut lines = vec!["Metrics keys/values:".to_owned()];
        for (metric, value) in self.table.metrics.iter().zip(&self.state.values.0).filter(|(m, _)| selected(m)) {
            let shown = match metric.kind {
                Kind::Text { .. } => format!("\"{}\"", to_text(&value.text)),
                Kind::Timer => value.raw.to_string(),
                _ if !value.is_set => "null".into(),
                Kind::Unsigned => value.raw.to_string(),
                Kind::Signed => (value.raw as i32).to_string(),
            };
            lines.push(format!("  {}: {shown}", metric.printed));
        }
        lines.into_iter().for_each(|line| self.device.log(INFO, line));
    }
}
