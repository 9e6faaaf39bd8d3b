//! How fast a city is made: `cargo run -p simulator --example speed [DEVICES] [HOURS]`. Prints frames and bytes a second,
//! with and without writing the truth.

use domain::Instant;
use simulator::{Action, City, CityOptions, SimulatorError, TruthWriter};

fn main() -> Result<(), SimulatorError> {
    let mut words = std::env::args().skip(1).filter_map(|word| word.parse::<i64>().ok());
    let (devices, hours) = (words.next().unwrap_or(500), words.next().unwrap_or(6));
    let start = Instant(1_772_294_400_000);
    let mut options = CityOptions::new(start, Instant(start.0 + hours * 3_600_000));
    (options.minute_interval_min, options.realtime_interval_s) = (1, 0);
    let city = City::new(1, devices as usize, options)?;
    for truth in [None, Some("truth.csv"), Some("truth.csv.gz")] {
        let path = std::env::temp_dir().join(truth.unwrap_or_default());
        let mut writer = truth.map(|_| TruthWriter::create(&path)).transpose()?;
        let begun = std::time::Instant::now();
        let (mut frames, mut bytes) = (0_u64, 0_usize);
        for event in city.events() {
            if let Action::Send(frame) = event.action {
                frames += 1;
                bytes += frame.bytes.len();
                if let Some(writer) = &mut writer {
                    writer.frame(&city, event.time, &frame).map_err(|error| SimulatorError::file(&path, error))?;
                }
            }
        }
        let seconds = begun.elapsed().as_secs_f64();
        let (rate, megabytes) = (frames as f64 / seconds, bytes as f64 / seconds / 1e6);
        println!("{frames} frames in {seconds:.2} s: {rate:.0} frames/s, {megabytes:.0} MB/s, truth {truth:?}");
        if truth.is_some() {
            let _ = std::fs::remove_file(&path);
        }
    }
    Ok(())
}
