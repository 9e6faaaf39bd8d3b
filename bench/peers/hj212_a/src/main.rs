//! The same frames, parsed with the Rust crate `a` 0.1.1: `hj212_a FRAMES.txt [RUNS]`.

use std::hint::black_box;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let path = words.next().ok_or("give the file of frames")?;
    let runs = words.next().map_or(Ok(5), |word| word.parse())?;
    // Read as text before the clock starts, as the crate takes no bytes.
    let text = std::fs::read_to_string(path)?;
    let frames: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    for _ in 0..runs {
        let (start, cpu) = (Instant::now(), cpu_s());
        let (mut good, mut fields) = (0, 0);
        for raw in &frames {
            if let Ok(packet) = a::parse_frame(raw) {
                good += 1;
                fields += packet.cp.len();
                black_box(packet);
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{{\"peer\":\"a 0.1.1\",\"what\":\"hj212\",\"seconds\":{seconds:.4},\"cpu_seconds\":{:.4},\"frames\":{},\"good\":{good},\"fields\":{fields},\"frames_per_second\":{:.0}}}",
            cpu_s() - cpu,
            frames.len(),
            frames.len() as f64 / seconds
        );
    }
    Ok(())
}

/// Processor seconds of this process, to 10 ms.
fn cpu_s() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}
