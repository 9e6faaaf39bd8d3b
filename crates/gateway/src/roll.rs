//! Register and secrets → who may speak, and by which password, addresses and keys. Made anew whenever the
//! directory changes; asked for every frame by [`crate::session`].

use crate::network::Network;
use crate::rules::{ADDRESS_NOT_ALLOWED, WRONG_PASSWORD};
use domain::{Instant, Register};
use intake::hj212::{Generation, Key};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Secret, Store};
use tokio::sync::watch;

/// What the gateway is told of the devices: the register and their secrets by MN.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// Outlets, devices, channels, limits.
    pub register: Register,
    /// Passwords and keys by MN.
    pub secrets: HashMap<String, Secret>,
}

/// The devices that may speak.
#[derive(Debug, Default)]
pub(crate) struct Roll {
    devices: HashMap<Arc<str>, Arc<Admitted>>,
}

/// Keeps the roll as the directory and the gateway's own dialogues change it.
#[derive(Debug)]
pub(crate) struct RollKeeper {
    directory: watch::Receiver<Arc<Directory>>,
    /// Secrets that devices were given since the directory was made.
    changed: Mutex<HashMap<String, Secret>>,
    keys: Mutex<Keys>,
    roll: watch::Sender<Arc<Roll>>,
}

/// Keys of devices, with those they had before; read from the store once for each.
#[derive(Debug)]
struct Keys {
    store: Arc<Store>,
    known: HashMap<String, DeviceKeys>,
}

#[derive(Debug)]
struct DeviceKeys {
    newest_hex: String,
    keys: Vec<Key>,
    since: Instant,
}

/// One device that may speak.
#[derive(Debug)]
pub(crate) struct Admitted {
    /// Its code.
    pub mn: Arc<str>,
    /// System code it should send.
    pub st: String,
    /// Generation it should speak, as the register says.
    pub generation: String,
    /// Its password; `None`: not checked.
    pub password: Option<String>,
    /// Its keys, the newest first: a device may still use the one before.
    pub keys: Vec<Key>,
    /// Since when the newest key is in use.
    pub key_since: Option<Instant>,
    networks: Vec<Network>,
    from_anywhere: bool,
}

impl Roll {
    /// From the directory, the secrets that dialogues have changed since it was made, and the keys that
    /// devices had before.
    fn of(directory: &Directory, changed: &HashMap<String, Secret>, keys: &mut Keys) -> Roll {
        let devices = directory.register.devices.values().map(|device| {
            let told = directory.secrets.get(&device.mn);
            let newer = changed.get(&device.mn).filter(|new| told.is_none_or(|told| told.since < new.since));
            let secret = newer.or(told);
            let (device_keys, key_since) = keys.of(&device.mn, secret);
            let mn: Arc<str> = device.mn.as_str().into();
            let admitted = Admitted {
                mn: mn.clone(),
                st: device.st.clone(),
                generation: device.generation.clone(),
                password: secret.map(|secret| secret.password.clone()).filter(|password| !password.is_empty()),
                keys: device_keys,
                key_since,
                networks: device.networks.iter().filter_map(|text| Network::parse(text)).collect(),
                from_anywhere: device.networks.is_empty(),
            };
            (mn, Arc::new(admitted))
        });
        Roll { devices: devices.collect() }
    }

    /// A device by its code.
    pub fn find(&self, mn: &str) -> Option<&Arc<Admitted>> {
        self.devices.get(mn)
    }

    /// Every device, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Admitted>> {
        self.devices.values()
    }
}

impl RollKeeper {
    /// The roll of the directory as it is now.
    pub fn new(directory: watch::Receiver<Arc<Directory>>, store: Arc<Store>) -> RollKeeper {
        let keeper = RollKeeper {
            directory,
            changed: Mutex::default(),
            keys: Mutex::new(Keys { store, known: HashMap::new() }),
            roll: watch::Sender::new(Arc::new(Roll::default())),
        };
        keeper.renew();
        keeper
    }

    /// Makes the roll anew.
    pub fn renew(&self) {
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let directory = self.directory.borrow().clone();
        self.roll.send_replace(Arc::new(Roll::of(&directory, &changed, &mut keys)));
    }

    /// A device was given another secret.
    pub fn change(&self, mn: &str, secret: Secret) {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner).insert(mn.to_string(), secret);
        self.renew();
    }

    /// The roll as it is now.
    pub fn roll(&self) -> Arc<Roll> {
        self.roll.borrow().clone()
    }

    /// The roll, for those who look at it for every frame.
    pub fn watch(&self) -> watch::Receiver<Arc<Roll>> {
        self.roll.subscribe()
    }

    /// The directory, to wait for its changes.
    pub fn directory(&self) -> watch::Receiver<Arc<Directory>> {
        self.directory.clone()
    }
}

impl Keys {
    /// The keys of a device, the newest first, and since when that one is in use.
    fn of(&mut self, mn: &str, secret: Option<&Secret>) -> (Vec<Key>, Option<Instant>) {
        let Some((hex, since)) = secret.and_then(|secret| Some((secret.key_hex.as_ref()?, secret.since))) else {
            return (Vec::new(), None);
        };
        if self.known.get(mn).is_none_or(|known| known.newest_hex != *hex) {
            let found = self.read(mn, hex, since);
            self.known.insert(mn.to_string(), found);
        }
        self.known.get(mn).map(|known| (known.keys.clone(), Some(known.since))).unwrap_or_default()
    }

    fn read(&self, mn: &str, newest_hex: &str, mut since: Instant) -> DeviceKeys {
        let mut hexes = vec![newest_hex.to_string()];
        match self.store.secrets().history(mn) {
            Ok(history) => {
                let older = history.into_iter().filter_map(|secret| Some((secret.key_hex?, secret.since)));
                for (hex, from) in older.skip_while(|(hex, _)| hex != newest_hex) {
                    if hex == newest_hex {
                        since = since.min(from);
                    } else {
                        hexes.push(hex);
                        break;
                    }
                }
            }
            Err(error) => tracing::error!(mn, %error, "earlier keys of a device cannot be read"),
        }
        let keys = hexes.iter().filter_map(|hex| Key::from_hex(hex)).collect();
        DeviceKeys { newest_hex: newest_hex.to_string(), keys, since }
    }
}

impl Admitted {
    /// The generation it should speak; `None` if the register names none of the standard's.
    pub fn generation(&self) -> Option<Generation> {
        Generation::from_code(&self.generation)
    }

    /// What is wrong with a sender who gives `password` and comes from `peer`; `None` if nothing.
    pub fn objection(&self, password: &str, peer: IpAddr) -> Option<&'static str> {
        if !self.from_anywhere && !self.networks.iter().any(|network| network.contains(peer)) {
            return Some(ADDRESS_NOT_ALLOWED);
        }
        match &self.password {
            Some(own) if !equal(own.as_bytes(), password.as_bytes()) => Some(WRONG_PASSWORD),
            _ => None,
        }
    }
}

/// Equality whose time does not tell where the first difference is.
fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use domain::Device;

    /// A device as the register has it.
    pub fn device(mn: &str, networks: &[&str]) -> Device {
        Device {
            mn: mn.to_string(),
            outlet: String::new(),
            st: "31".to_string(),
            generation: "2017".to_string(),
            vendor: String::new(),
            model: String::new(),
            networks: networks.iter().map(|network| network.to_string()).collect(),
            minute_interval_min: 10,
            realtime_interval_s: 30,
            from: None,
            to: None,
        }
    }

    /// A keeper of devices with the password 123456.
    pub fn keeper(devices: &[Device], folder: &std::path::Path) -> RollKeeper {
        let mut directory = Directory::default();
        for device in devices {
            let secret = Secret { password: "123456".into(), key_hex: None, since: Instant(1) };
            directory.secrets.insert(device.mn.clone(), secret);
            directory.register.devices.insert(device.mn.clone(), device.clone());
        }
        let store = Arc::new(Store::open(folder).expect("a store"));
        RollKeeper::new(watch::channel(Arc::new(directory)).1, store)
    }

    #[test]
    fn password_and_address_are_both_asked_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let keeper = keeper(&[device("A", &["10.0.0.0/8"]), device("B", &["plant"]), device("C", &[])], folder.path());
        let roll = keeper.roll();
        let objection = |mn, password, peer: &str| {
            roll.find(mn).expect("a device").objection(password, peer.parse().expect("an address"))
        };
        assert_eq!(objection("A", "123456", "10.1.1.1"), None);
        assert_eq!(objection("A", "123457", "10.1.1.1"), Some(WRONG_PASSWORD));
        assert_eq!(objection("A", "", "10.1.1.1"), Some(WRONG_PASSWORD));
        assert_eq!(objection("A", "123456", "11.1.1.1"), Some(ADDRESS_NOT_ALLOWED));
        // A network that cannot be read lets nobody in.
        assert_eq!(objection("B", "123456", "10.1.1.1"), Some(ADDRESS_NOT_ALLOWED));
        assert_eq!(objection("C", "123456", "11.1.1.1"), None);
        assert!(roll.find("D").is_none());
    }

    #[test]
    fn a_changed_secret_counts_at_once_and_keys_keep_their_age() {
        let folder = tempfile::tempdir().expect("a folder");
        let keeper = keeper(&[device("A", &[])], folder.path());
        let (old, new) = ("0".repeat(32), "1".repeat(32));
        let secrets = [(2, "123456", &old), (3, "123456", &new), (4, "654321", &new)];
        let store = keeper.keys.lock().expect("a lock").store.clone();
        for (since, password, key) in secrets {
            let secret = Secret { password: password.into(), key_hex: Some(key.clone()), since: Instant(since) };
            store.secrets().set("A", secret.clone()).expect("kept");
            keeper.change("A", secret);
        }
        let roll = keeper.roll();
        let device = roll.find("A").expect("a device");
        assert_eq!(device.objection("654321", IpAddr::from([1, 1, 1, 1])), None);
        assert_eq!(device.keys.len(), 2, "the newest and the one before");
        assert_eq!(device.key_since, Some(Instant(3)), "a new password does not make the key younger");
    }
}
