//! The size rows: which app, linked with which library.
use super::target::{
    ALL_OPTIONS, ALL_OPTIONS_COMPACT, METRICS, PANICS, PANICS_COMPACT, RLE_OFF, RLE_OFF_NO_CRC_TABLE, RLE_ON,
    UserMetrics, Variant,
};

#[derive(Clone, Copy)]
pub struct SizeRow {
    /// Below `benches/c/size`, besides `app_common.c`.
    pub apps: &'static [&'static str],
    pub title: &'static str,
    /// Row of `baseline.json` without the name of the messages; `None`: nothing to compare with.
    pub baseline: Option<&'static str>,
    pub variant: Variant,
    pub user_metrics: UserMetrics,
    pub note: &'static str,
}

impl SizeRow {
    const fn new(
        apps: &'static [&'static str],
        title: &'static str,
        baseline: Option<&'static str>,
        variant: Variant,
    ) -> Self {
        Self { apps, title, baseline, variant, user_metrics: UserMetrics::None, note: "" }
    }

    const fn with_twenty_metrics(self) -> Self {
        Self { user_metrics: UserMetrics::Twenty, ..self }
    }

    const fn with_note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// Whether the app has the table of all public functions.
    pub fn links_whole_api(&self) -> bool {
        self.apps.contains(&"app_api_table.c")
    }
}

const L1: &[&str] = &["app_l1.c"];
const L2: &[&str] = &["app_l2.c"];
const L3: &[&str] = &["app_l2.c", "app_l3.c"];
const L4: &[&str] = &["app_l2.c", "app_l4.c"];
const L5: &[&str] = &["app_l2.c", "app_l4.c", "app_api_table.c", "app_l5.c"];

/// Rows of firmware that does not store the SDK's messages.
pub const ROWS: [SizeRow; 8] = [
    SizeRow::new(L1, "L1 minimal, RLE off, CRC table off", Some("L1-min-norle-nocrctab"), RLE_OFF_NO_CRC_TABLE),
    SizeRow::new(L1, "L1 minimal, RLE off", Some("L1-min-norle"), RLE_OFF),
    SizeRow::new(L1, "L1 minimal, RLE on", Some("L1-min-rle"), RLE_ON),
    SizeRow::new(L1, "L1 all of core+util linked", Some("L1-core"), RLE_ON)
        .with_note("the same link as the row above: the archive always offers all of core+util"),
    SizeRow::new(L2, "L2 without metrics", None, RLE_ON).with_note("the C SDK's L2 includes metrics"),
    SizeRow::new(L2, "L2 no user metric", Some("L2"), METRICS),
    SizeRow::new(L2, "L2 with 20 user metrics", Some("L2-20m"), METRICS).with_twenty_metrics(),
    SizeRow::new(L3, "L3 no user metric", Some("L3"), PANICS),
];

/// Rows of firmware that stores the SDK's messages too, as it is the default, even where the app has no log buffer.
pub const DEFAULT_ROWS: [SizeRow; 10] = [
    SizeRow::new(L1, "L1 all of core+util linked", Some("L1-core"), RLE_ON),
    SizeRow::new(L2, "L2 no user metric", Some("L2"), METRICS),
    SizeRow::new(L2, "L2 with 20 user metrics", Some("L2-20m"), METRICS).with_twenty_metrics(),
    SizeRow::new(L3, "L3 no user metric", Some("L3"), PANICS),
    SizeRow::new(L4, "L4 no user metric", Some("L4"), PANICS),
    SizeRow::new(L4, "L4 with 20 user metrics", Some("L4-20m"), PANICS).with_twenty_metrics(),
    SizeRow::new(L4, "L4 compact logs", Some("L4-compact"), PANICS_COMPACT),
    SizeRow::new(L5, "L5 every public function", Some("L5"), PANICS),
    SizeRow::new(L5, "L5 every option on", Some("L5-all-options"), ALL_OPTIONS),
    SizeRow::new(L5, "L5 every option on, compact logs", Some("L5-all-options-compact"), ALL_OPTIONS_COMPACT),
];

/// Titles of the rows of a level (`L1`, `L2`, ...) that have a bar.
pub fn titles(rows: &[SizeRow], level: &'static str) -> impl Iterator<Item = &'static str> {
    rows.iter().filter(move |row| row.baseline.is_some() && row.title.starts_with(level)).map(|row| row.title)
}
