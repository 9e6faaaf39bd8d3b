//! Several readings of one item → their mean.

use domain::Ratio;
use standards::media::Reading;
use standards::water::MeanWay;

/// The mean of readings; `None` where none of them is a value or a known detection limit.
///
/// A value below detection counts as half of its limit; where all are below, the mean is below the mean of their
/// limits, so that its half is the mean of the halves. Nothing is rounded.
pub(super) fn combine(way: MeanWay, readings: &[Reading]) -> Option<Reading> {
    let known = |own: &&Reading| matches!(own, Reading::Value(_) | Reading::Below(_));
    let mut all = readings.iter().filter(known).peekable();
    all.peek()?;
    if let [one] = readings {
        return Some(*one);
    }
    if all.all(|own| matches!(own, Reading::Below(_))) {
        let limits: Vec<Ratio> = readings.iter().filter_map(|own| limit(*own)).collect();
        return MeanWay::Arithmetic.mean(&limits).map(Reading::Below);
    }
    let values: Vec<Ratio> = readings.iter().filter_map(|own| value(*own)).collect();
    way.mean(&values).map(Reading::Value)
}

/// The value that stands for a reading in statistics.
pub(super) fn value(reading: Reading) -> Option<Ratio> {
    match reading {
        Reading::Value(value) => Some(value),
        Reading::Below(detection) => Some(Ratio::new(detection.num(), detection.den() * 2)),
        Reading::Missing | Reading::Undetected => None,
    }
}

fn limit(reading: Reading) -> Option<Ratio> {
    match reading {
        Reading::Below(detection) => Some(detection),
        Reading::Value(_) | Reading::Missing | Reading::Undetected => None,
    }
}
