//! Words such as `10.1.0.0/16` → whether an address is inside. Used by [`crate::roll`].

use std::net::IpAddr;

/// A range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    base: u128,
    prefix: u32,
}

impl Network {
    /// Reads a single address or `address/prefix`; `None` if it is neither.
    pub fn parse(text: &str) -> Option<Network> {
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u32>().ok()?)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().ok()?;
        let (width, offset) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let prefix = prefix.unwrap_or(width);
        (prefix <= width).then(|| Network { base: bits(address), prefix: prefix + offset })
    }

    /// Whether `address` is inside. An IPv4 address in IPv6 clothes is the IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        let differing = self.base ^ bits(address);
        self.prefix == 0 || differing >> (128 - self.prefix) == 0
    }
}

/// Every address as IPv6, so that both kinds compare alike.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(network: &str, address: &str) -> bool {
        Network::parse(network).expect("a network").contains(address.parse().expect("an address"))
    }

    #[test]
    fn addresses_and_ranges() {
        assert!(inside("10.1.2.3", "10.1.2.3"));
        assert!(!inside("10.1.2.3", "10.1.2.4"));
        assert!(inside("10.1.0.0/16", "10.1.255.9"));
        assert!(!inside("10.1.0.0/16", "10.2.0.1"));
        assert!(inside("0.0.0.0/0", "8.8.8.8"));
        assert!(!inside("0.0.0.0/0", "fe80::1"));
        assert!(inside("fe80::/10", "fe80::1"));
        assert!(inside("127.0.0.0/8", "::ffff:127.0.0.1"), "a dual-stack socket shows IPv4 peers so");
        assert_eq!(Network::parse("10.1.0.0/33"), None);
        assert_eq!(Network::parse("plant"), None);
    }
}
