//! The running part of online monitoring: the gateway, the engine that follows it, and what is said to pages.
//!
//! ```text
//! gateway ─▶ engine (tests, rules → alerts) ─▶ said ─▶ pages
//!               │                 ▲
//!               └─▶ judge (hours) ┘
//! ```
//!
//! Started by `serve`; jobs and routes reach it through [`crate::data::Data::live`].

mod engine;
mod flagged;
mod follow;
mod gathered;
mod judge;
mod memory;
mod position;
mod said;
mod station;

pub use flagged::Run;
pub use memory::Qc;
pub use said::{PING, Said, hello, hello_again, ping};

use crate::answers::online::alerts::Alert;
use crate::data::Data;
use crate::trouble::{Kind, Trouble};
use gateway::{Config, Directory, Gateway};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{broadcast, watch};

/// Events that a page may lag behind before it is greeted anew.
const SAID: usize = 4096;

/// The running gateway and its engine.
#[derive(Debug)]
pub struct Live {
    gateway: Mutex<Option<Arc<Gateway>>>,
    running: Arc<Gateway>,
    max_connections: usize,
    said: broadcast::Sender<Said>,
    directory: watch::Sender<Arc<Directory>>,
    memory: Arc<Mutex<Qc>>,
    flagged: Mutex<flagged::Flagged>,
    dirty: Arc<judge::Dirty>,
}

impl Live {
    /// Starts the gateway and the engine on a data folder; must be called within the runtime.
    pub fn start(data: &Arc<Data>, config: Config) -> Result<Arc<Live>, Trouble> {
        let store = data.store()?;
        if !store.appends() {
            let dir = data.dir.display();
            return Err(Trouble {
                kind: Kind::Conflict,
                ..Trouble::bad(
                    "busy",
                    format!("另一个进程正在用 {dir} 接收报文；请先停止它，或换一个数据文件夹。"),
                    format!("another process is taking frames into {dir}; stop it first, or take another data folder."),
                )
            });
        }
        let (directory, following) = watch::channel(Arc::new(data.directory()?));
        let max_connections = config.max_connections;
        let protocol = Arc::clone(&data.catalogs.protocol);
        let running = Arc::new(Gateway::start(config, store, protocol, following)?);
        let live = Arc::new(Live {
            gateway: Mutex::new(Some(Arc::clone(&running))),
            running,
            max_connections,
            said: broadcast::Sender::new(SAID),
            directory,
            memory: Arc::default(),
            flagged: Mutex::default(),
            dirty: Arc::default(),
        });
        data.set_live(Arc::clone(&live));
        engine::start(Arc::clone(data), Arc::clone(&live))?;
        judge::start(Arc::clone(data), Arc::clone(&live))?;
        Ok(live)
    }

    /// The gateway.
    pub fn gateway(&self) -> &Gateway {
        &self.running
    }

    /// Connections it holds at most.
    pub fn max_connections(&self) -> usize {
        self.max_connections
    }

    /// What the tests last said of every series.
    pub fn qc(&self) -> Qc {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs of values that tests did not pass, the oldest first.
    pub fn flagged(&self) -> Vec<Run> {
        self.flagged.lock().unwrap_or_else(PoisonError::into_inner).all()
    }

    /// Everything that is said from now on.
    pub fn listen(&self) -> broadcast::Receiver<Said> {
        self.said.subscribe()
    }

    /// Says that an alert has changed.
    pub fn say_alert(&self, alert: &Alert) {
        self.say(said::alert_event(alert));
    }

    /// The periods of an outlet are judged anew: what people decided about it has changed.
    pub fn marked(&self, outlet: &str) {
        self.dirty.all_of(outlet);
    }

    /// The register has changed.
    pub fn register_changed(&self, data: &Data) -> Result<(), Trouble> {
        self.directory.send_replace(Arc::new(data.directory()?));
        Ok(())
    }

    /// Secrets are set by a command, which is another process: the gateway goes by the new ones.
    fn follow_secrets(&self, data: &Data) -> Result<(), Trouble> {
        let secrets: HashMap<_, _> = data.store()?.secrets().all()?.into_iter().collect();
        if self.directory.borrow().secrets != secrets {
            self.register_changed(data)?;
        }
        Ok(())
    }

    /// Whether any page is open.
    fn is_heard(&self) -> bool {
        self.said.receiver_count() > 0
    }

    /// Nobody listens when no page is open; that is no failure.
    fn say(&self, event: Said) {
        let _ = self.said.send(event);
    }

    /// Takes leave of the gateway, so that its frames are durable and answered before the process ends.
    pub fn stop(&self) {
        drop(self.gateway.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}
