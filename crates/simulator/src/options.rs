//! What a caller chooses of a city.

use domain::Instant;

/// How a city is made; the same options and seed make the same city and the same bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct CityOptions {
    /// First moment.
    pub start: Instant,
    /// First moment after it.
    pub end: Instant,
    /// Minutes between minute values (2051): one of the standard's, a divisor of 60.
    pub minute_interval_min: u32,
    /// Seconds between real-time values (2011), 0 for none.
    pub realtime_interval_s: u32,
    /// Whether hour values (2061) are sent.
    pub hours: bool,
    /// Whether day values (2031) are sent.
    pub days: bool,
    /// Of a thousand frames, how many are spoilt.
    pub malformed_permille: f64,
    /// Of a thousand frames, how many are sent twice.
    pub resent_permille: f64,
    /// Of a thousand frames, how many are sent late, after the line was down.
    pub late_permille: f64,
    /// How many devices speak 2005, 2017 and 2025, relatively.
    pub generations: [f64; 3],
    /// Of a thousand devices of 2025, how many encrypt.
    pub encrypted_permille: f64,
    /// Code of the area whose parts the devices stand in, or of one such part; empty for all of the catalog.
    pub area: String,
}

impl CityOptions {
    /// A city of the shares that the product is tried with: 2 % spoilt, 1 % sent twice, 5 % late.
    pub fn new(start: Instant, end: Instant) -> CityOptions {
        CityOptions {
            start,
            end,
            minute_interval_min: 10,
            realtime_interval_s: 60,
            hours: true,
            days: true,
            malformed_permille: 20.0,
            resent_permille: 10.0,
            late_permille: 50.0,
            generations: [2.0, 5.0, 3.0],
            encrypted_permille: 500.0,
            area: String::new(),
        }
    }
}
