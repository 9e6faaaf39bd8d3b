//! Counts of due, received and valid periods → rates of transmission and validity.

use domain::Ratio;

/// How many periods were due, received, valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateCounts {
    /// Due while the plant ran.
    pub due: u32,
    /// Received of those.
    pub received: u32,
    /// Valid of those.
    pub valid: u32,
}

impl RateCounts {
    /// Adds others.
    pub fn add(&mut self, other: RateCounts) {
        self.due += other.due;
        self.received += other.received;
        self.valid += other.valid;
    }

    /// Transmission rate: received / due × 100 [%]; `None` where nothing was due.
    pub fn transmission_percent(&self) -> Option<Ratio> {
        share(self.received, self.due)
    }

    /// Validity rate: valid / due × 100 [%].
    pub fn validity_percent(&self) -> Option<Ratio> {
        share(self.valid, self.due)
    }

    /// Effective transmission rate: the product of both [%].
    ///
    /// ```
    /// use observe::online::RateCounts;
    /// let counts = RateCounts { due: 24, received: 18, valid: 12 };
    /// // 75 % · 50 % = 37.5 %
    /// assert_eq!(counts.effective_percent().unwrap().to_string(), "37.5");
    /// ```
    pub fn effective_percent(&self) -> Option<Ratio> {
        let (received, valid, due) = (i128::from(self.received), i128::from(self.valid), i128::from(self.due));
        (due > 0).then(|| Ratio::new(received * valid * 100, due * due))
    }
}

fn share(part: u32, of: u32) -> Option<Ratio> {
    (of > 0).then(|| Ratio::new(i128::from(part) * 100, i128::from(of)))
}
