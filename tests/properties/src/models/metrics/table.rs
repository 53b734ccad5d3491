//! Spec 40 chapters 3 and 5: what the lines of a metrics file declare, read as text.

use golden::vectors::Group;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Unsigned,
    Signed,
    Timer,
    Text { max_len: usize },
}

impl Kind {
    /// The number of the type.
    pub fn number(self) -> u32 {
        match self {
            Self::Unsigned => 0,
            Self::Signed => 1,
            Self::Timer => 2,
            Self::Text { .. } => 3,
        }
    }

    pub fn is_integer(self) -> bool {
        matches!(self, Self::Unsigned | Self::Signed)
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Metric {
    pub key: String,
    pub kind: Kind,
    pub session: usize,
    /// What the debug print calls it.
    pub printed: String,
}

/// All metrics in the order of their numbers, and the names of the sessions; the heartbeat is the last one.
pub struct Table {
    pub metrics: Vec<Metric>,
    pub sessions: Vec<String>,
}

impl Table {
    pub fn new(group: &Group) -> Self {
        let lines = group.metric_definitions.as_deref().unwrap_or_default();
        let lines: Vec<Line> =
            built_in(group).into_iter().chain(lines.iter().cloned()).map(|l| Line::parse(&l)).collect();
        let sessions = lines.iter().filter(|line| line.declares_session()).map(|line| line.words[0].clone());
        let sessions: Vec<String> = sessions.chain(["heartbeat".to_owned()]).collect();
        let index = |name: &str| sessions.iter().position(|s| s == name).expect("a metric of an unknown session");
        let mut metrics = Vec::new();
        for line in &lines {
            let session = index(line.session().unwrap_or("heartbeat"));
            // The session goes with the name wherever the line says it, be it the heartbeat.
            let prefix = line.session().map(|session| format!("{session}__")).unwrap_or_default();
            let mut add = |key: &str, kind| {
                metrics.push(Metric { key: key.into(), kind, session, printed: format!("{prefix}{key}") });
            };
            if line.declares_session() {
                add("MemfaultSdkMetric_IntervalMs", Kind::Timer);
                add("operational_crashes", Kind::Unsigned);
            } else {
                add(&line.words[0], line.kind());
            }
        }
        Self { metrics, sessions }
    }

    pub fn heartbeat(&self) -> usize {
        self.sessions.len() - 1
    }

    /// The number of a heartbeat metric; `None`: an option leaves it out.
    pub fn built_in(&self, key: &str) -> Option<usize> {
        self.metrics.iter().position(|m| m.key == key && m.session == self.heartbeat())
    }

    /// The timer of a session.
    pub fn interval(&self, session: usize) -> usize {
        let found = |m: &Metric| m.session == session && m.key == "MemfaultSdkMetric_IntervalMs";
        self.metrics.iter().position(found).expect("every session has a timer")
    }
}

/// A macro and its arguments.
struct Line {
    name: String,
    words: Vec<String>,
}

impl Line {
    fn parse(text: &str) -> Self {
        let (name, rest) = text.trim().split_once('(').expect("a macro with arguments");
        let rest = rest.strip_suffix(')').expect("a closing parenthesis");
        let name = name.strip_prefix("MEMFAULT_METRICS_").expect("one of the macros").to_owned();
        Self { name, words: rest.split(',').map(|word| word.trim().to_owned()).collect() }
    }

    fn declares_session(&self) -> bool {
        self.name == "SESSION_KEY_DEFINE"
    }

    /// `None`: the macro has none.
    fn session(&self) -> Option<&str> {
        let at = match self.name.as_str() {
            "SESSION_KEY_DEFINE" => 0,
            "KEY_DEFINE_WITH_SESSION"
            | "KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE"
            | "STRING_KEY_DEFINE_WITH_SESSION" => 2,
            "KEY_DEFINE_WITH_RANGE_AND_SESSION" => 4,
            _ => return None,
        };
        Some(&self.words[at])
    }

    fn kind(&self) -> Kind {
        if self.name.starts_with("STRING") {
            return Kind::Text { max_len: self.words[1].parse().expect("a length") };
        }
        match self.words[1].as_str() {
            "kMemfaultMetricType_Unsigned" => Kind::Unsigned,
            "kMemfaultMetricType_Signed" => Kind::Signed,
            "kMemfaultMetricType_Timer" => Kind::Timer,
            other => panic!("no type: {other}"),
        }
    }
}

/// The SDK's own metrics.
fn built_in(group: &Group) -> Vec<String> {
    let on = |option: &str, default| group.number(&format!("MEMFAULT_METRICS_{option}"), default) != 0;
    let rows = [
        ("MemfaultSdkMetric_IntervalMs", "Timer", true),
        ("MemfaultSdkMetric_UnexpectedRebootCount", "Unsigned", true),
        ("sync_successful", "Unsigned", on("SYNC_SUCCESS", 0)),
        ("sync_failure", "Unsigned", on("SYNC_SUCCESS", 0)),
        ("sync_memfault_successful", "Unsigned", on("MEMFAULT_SYNC_SUCCESS", 0)),
        ("sync_memfault_failure", "Unsigned", on("MEMFAULT_SYNC_SUCCESS", 0)),
        ("connectivity_connected_time_ms", "Timer", on("CONNECTIVITY_CONNECTED_TIME", 0)),
        ("connectivity_expected_time_ms", "Timer", on("CONNECTIVITY_CONNECTED_TIME", 0)),
        ("operational_hours", "Unsigned", true),
        ("operational_crashfree_hours", "Unsigned", true),
        ("battery_soc_pct_drop", "Unsigned", on("BATTERY_ENABLE", 0)),
        ("battery_discharge_duration_ms", "Unsigned", on("BATTERY_ENABLE", 0)),
        ("battery_soc_pct", "Unsigned", on("BATTERY_ENABLE", 0)),
        ("MemfaultSDKMetric_log_dropped_lines", "Unsigned", on("LOGS_ENABLE", 1)),
        ("MemfaultSDKMetric_log_recorded_lines", "Unsigned", on("LOGS_ENABLE", 1)),
        ("uptime_s", "Unsigned", on("UPTIME_ENABLE", 1)),
    ];
    let there = rows.into_iter().filter(|(_, _, there)| *there);
    there.map(|(key, kind, _)| format!("MEMFAULT_METRICS_KEY_DEFINE({key}, kMemfaultMetricType_{kind})")).collect()
}
