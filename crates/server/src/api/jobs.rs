//! Work that outlives its request: imports under way, by id.

use crate::answers::imports::Job;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Finished jobs that are remembered.
const KEPT: usize = 200;

/// Every job of this run of the server.
#[derive(Debug, Default)]
pub struct Jobs(Mutex<(u64, BTreeMap<u64, Job>)>);

impl Jobs {
    /// A new job that is running.
    pub fn start(&self) -> u64 {
        let mut all = self.0.lock().expect("no panic while it was held");
        all.0 += 1;
        let id = all.0;
        let running = Job {
            state: "running".to_string(),
            progress: 0.0,
            text: Default::default(),
            import: None,
            problems: Vec::new(),
            error: None,
        };
        all.1.insert(id, running);
        while all.1.len() > KEPT {
            all.1.pop_first();
        }
        id
    }

    /// Says where a job stands.
    pub fn set(&self, id: u64, job: Job) {
        self.0.lock().expect("no panic while it was held").1.insert(id, job);
    }

    /// Where a job stands.
    pub fn get(&self, id: u64) -> Option<Job> {
        self.0.lock().expect("no panic while it was held").1.get(&id).cloned()
    }
}
