//! For tests: numbers that are the same in each run, so that a failure can be repeated.

/// Gives numbers below its argument (xorshift). The seed is not 0.
pub fn random(seed: u32) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as usize % below
    }
}
