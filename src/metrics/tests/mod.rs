//! Of the worked examples (spec 40 §22) and the rules behind them.

mod bench;
mod heartbeat;
mod model;
mod sessions;
mod timers;
mod values;
