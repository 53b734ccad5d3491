use super::bench::example;
use crate::metrics::Error;
use crate::metrics::timers::Operation::{Start, Stop, Update};
use std::vec::Vec;

/// Sum of a timer that is started and stopped at these times.
fn sum(stretches: &[(u64, u64)]) -> Vec<u32> {
    let (example, bench, metrics) = example();
    let step = |&(start, stop): &(u64, u64)| {
        bench.now_ms.set(start);
        assert_eq!(metrics.operate_timer(example.idle_ms, Start), Ok(()));
        bench.now_ms.set(stop);
        assert_eq!(metrics.operate_timer(example.idle_ms, Stop), Ok(()));
        metrics.read_timer(example.idle_ms).unwrap()
    };
    stretches.iter().map(step).collect()
}

#[test]
fn stretches_of_the_specification() {
    assert_eq!(sum(&[(0x7fff_fff0, 0x8000_0020)]), [48]);
    assert_eq!(sum(&[(0, 0x8000_0005)]), [5]);
    assert_eq!(sum(&[(0x1_0000_0010, 0x1_0000_0110)]), [256]);
    // A clock that goes back.
    assert_eq!(sum(&[(500, 400)]), [2_147_483_548]);
    // Sums wrap.
    assert_eq!(sum(&[(0, 0x7fff_ffff); 3]), [2_147_483_647, 4_294_967_294, 2_147_483_645]);
}

#[test]
fn the_time_is_asked_once_per_operation_that_has_an_effect() {
    let (example, bench, metrics) = example();
    let timer = example.idle_ms;
    let operate = |operation| bench.count(|| metrics.operate_timer(timer, operation));
    assert_eq!(operate(Stop), (Err(Error::NoChange), 1, 0));
    assert_eq!(operate(Update), (Err(Error::NoChange), 1, 0));
    assert_eq!(bench.count(|| metrics.read_timer(timer)), (Ok(0), 1, 0));
    assert_eq!(operate(Start), (Ok(()), 1, 1));
    bench.now_ms.set(5);
    assert_eq!(operate(Start), (Err(Error::NoChange), 1, 0));
    assert_eq!(bench.count(|| metrics.read_timer(timer)), (Ok(5), 1, 1));
    bench.now_ms.set(7);
    assert_eq!(operate(Update), (Ok(()), 1, 1));
    assert_eq!(operate(Stop), (Ok(()), 1, 1));
    bench.now_ms.set(9);
    assert_eq!(bench.count(|| metrics.read_timer(timer)), (Ok(7), 1, 0));
}
