//! Passwords and keys: hidden where frames are shown, made where a device needs a new one.

use tokio_rustls::rustls::crypto::ring;

/// Bytes of an SM4 key (GB/T 32907).
const KEY_BYTES: usize = 16;

/// A frame's text with the value of `PW` hidden, as people are shown it.
///
/// ```
/// let shown = gateway::hide_password("##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=1");
/// assert_eq!(shown, "##0101QN=20160801085857223;ST=32;CN=1062;PW=******;MN=1");
/// ```
pub fn hide_password(frame: &str) -> String {
    // In the header only: a data area has no password but of 2005's command 1072.
    let mut shown = String::with_capacity(frame.len());
    let mut rest = frame;
    while let Some(at) = rest.find("PW=") {
        let value = at + "PW=".len();
        let end = rest[value..].find([';', ',', '&']).map_or(rest.len(), |length| value + length);
        shown.push_str(&rest[..value]);
        shown.push_str("******");
        rest = &rest[end..];
    }
    shown.push_str(rest);
    shown
}

/// A new random key as 32 hexadecimal digits; `None` if the system gives no random numbers.
pub fn new_key() -> Option<String> {
    let mut key = [0; KEY_BYTES];
    ring::default_provider().secure_random.fill(&mut key).ok()?;
    Some(key.iter().map(|byte| format!("{byte:02X}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_password_is_hidden_and_nothing_else() {
        assert_eq!(hide_password("ST=32;PW=1;CP=&&PW=2&&1C80"), "ST=32;PW=******;CP=&&PW=******&&1C80");
        assert_eq!(hide_password("NewPW=654321"), "NewPW=******");
        assert_eq!(hide_password("PW="), "PW=******");
        assert_eq!(hide_password("MN=1"), "MN=1");
    }

    #[test]
    fn keys_differ() {
        let (one, other) = (new_key().expect("random"), new_key().expect("random"));
        assert!(one.len() == 32 && one != other);
    }
}
