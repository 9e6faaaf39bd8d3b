//! Rules, alerts, marks and reviews as pure steps over events.
