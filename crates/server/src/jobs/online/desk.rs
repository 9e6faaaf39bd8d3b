//! What every online job reads: the register, the store, the names of things, and what people decided.

use crate::answers::Text;
use crate::answers::online::{Act as ActAnswer, AreaName, OutletRef, Parameter};
use crate::data::Data;
use crate::trouble::Trouble;
use domain::{Area, DataFlag, Fixed, Instant, Outlet, Register};
use intake::hj212::Protocol;
use std::sync::{Arc, PoisonError};
use store::{Event, EventQuery, Store};
use supervise::{Act, Alerts, Marks, Names, Recorded, SuperviseError};

/// The desk at which a job sits down.
#[derive(Debug)]
pub struct Desk<'a> {
    /// The folder.
    pub data: &'a Data,
    /// Frames, events, judged values.
    pub store: Arc<Store>,
    /// Outlets, devices, channels, limits.
    pub register: Arc<Register>,
    /// What HJ 212 says, as data.
    pub protocol: &'a Protocol,
    /// Areas, for their names.
    pub areas: Vec<Area>,
}

impl<'a> Desk<'a> {
    /// Over what is known now.
    pub fn open(data: &'a Data) -> Result<Desk<'a>, Trouble> {
        let view = data.view(None)?;
        Ok(Desk {
            data,
            store: data.store()?,
            register: data.register(&view)?,
            protocol: &data.catalogs.protocol,
            areas: view.areas()?,
        })
    }

    /// An outlet by its code.
    pub fn outlet(&self, code: &str) -> Result<&Outlet, Trouble> {
        self.register.outlets.get(code).ok_or_else(|| {
            Trouble::not_found(
                "no-such-outlet",
                format!("没有排放口“{code}”。用映射 outlets 导入排放口表。"),
                format!("there is no outlet `{code}`. Import the list of outlets with the mapping `outlets`."),
            )
        })
    }

    /// An outlet as other things name it.
    pub fn named(&self, outlet: &Outlet) -> OutletRef {
        OutletRef {
            code: outlet.code.clone(),
            name: outlet_name(outlet),
            kind: outlet.kind.code().to_string(),
            area: outlet.area.clone(),
            enterprise: outlet.enterprise.clone(),
        }
    }

    /// The outlet of a code, even if the register has lost it.
    pub fn named_by_code(&self, code: &str) -> OutletRef {
        match self.register.outlets.get(code) {
            Some(outlet) => self.named(outlet),
            None => OutletRef {
                code: code.to_string(),
                name: Text::same(code),
                kind: String::new(),
                area: String::new(),
                enterprise: String::new(),
            },
        }
    }

    /// The outlet of a device, if any register has it.
    pub fn outlet_of(&self, mn: &str) -> Option<OutletRef> {
        self.register.outlet_of(mn).map(|outlet| self.named(outlet))
    }

    /// Whether a device's data are simulated.
    pub fn simulated(&self, mn: &str) -> bool {
        self.register.outlet_of(mn).is_some_and(|outlet| outlet.simulated)
    }

    /// Decimals with which a code is printed: those of its type in Annex B (`N5.2`), two where it has none.
    pub fn digits(&self, code: &str) -> u32 {
        const USUAL: u32 = 2;
        let format = self.protocol.code(code).map(|entry| entry.format.as_str()).unwrap_or_default();
        match format.strip_prefix('N').and_then(|format| format.split_once('.')) {
            Some((_, digits)) => digits.parse().unwrap_or(USUAL),
            None => USUAL,
        }
    }

    /// What a code of Annex B is called.
    pub fn parameter(&self, code: &str) -> Parameter {
        let known = self.data.catalogs.parameters.get(code);
        let name = match (known, self.protocol.code(code)) {
            (Some(parameter), _) => (&parameter.name).into(),
            (None, Some(entry)) => {
                let en = if entry.name_en.is_empty() { &entry.name_zh } else { &entry.name_en };
                Text::new(&entry.name_zh, en)
            }
            (None, None) => Text::same(code),
        };
        let symbol = known.map(|parameter| parameter.symbol.clone()).filter(|symbol| !symbol.is_empty());
        Parameter { code: code.to_string(), name, symbol }
    }

    /// The same for many, each once, by code.
    pub fn parameters<'c>(&self, codes: impl IntoIterator<Item = &'c str>) -> Vec<Parameter> {
        let codes: std::collections::BTreeSet<&str> = codes.into_iter().filter(|code| !code.is_empty()).collect();
        codes.into_iter().map(|code| self.parameter(code)).collect()
    }

    /// The name of an area.
    pub fn area(&self, code: &str) -> AreaName {
        let name = match self.areas.iter().find(|area| area.id == code) {
            Some(area) => {
                let en = if area.name_en.is_empty() { &area.name_zh } else { &area.name_en };
                Text::new(&area.name_zh, en)
            }
            None => Text::same(code),
        };
        AreaName { code: code.to_string(), name }
    }

    /// The same for many, each once, by code.
    pub fn area_names<'c>(&self, codes: impl IntoIterator<Item = &'c str>) -> Vec<AreaName> {
        let codes: std::collections::BTreeSet<&str> = codes.into_iter().filter(|code| !code.is_empty()).collect();
        codes.into_iter().map(|code| self.area(code)).collect()
    }

    /// What things are called in an alert.
    pub fn names(&self, outlet: &str, code: &str) -> Names {
        let outlet = self.named_by_code(outlet);
        let item = self.parameter(code);
        Names {
            outlet: domain::Text::new(outlet.name.zh, outlet.name.en),
            item: domain::Text::new(item.name.zh, item.name.en),
        }
    }

    /// Events of some kinds, oldest first, as of a moment.
    pub fn events(&self, kinds: &[&str], as_of: Option<Instant>) -> Result<Vec<Event>, Trouble> {
        let query = EventQuery {
            kinds: kinds.iter().map(|kind| kind.to_string()).collect(),
            as_of,
            limit: usize::MAX,
            ..EventQuery::default()
        };
        Ok(self.store.events().list(&query)?)
    }

    /// Alerts as of a moment; those of now are kept, and only what is new since is added.
    pub fn alerts(&self, as_of: Option<Instant>) -> Result<Arc<Alerts>, Trouble> {
        if as_of.is_some() {
            let events = self.events(&Alerts::KINDS, as_of)?;
            let (alerts, problems) = Alerts::fold(events.iter().map(recorded), Instant(i64::MAX));
            told(&problems);
            return Ok(Arc::new(alerts));
        }
        let mut folded = self.data.alerts.lock().unwrap_or_else(PoisonError::into_inner);
        let kinds = Alerts::KINDS.iter().map(|kind| kind.to_string()).collect();
        let news = self.store.events().list(&EventQuery { kinds, after: folded.last, ..EventQuery::default() })?;
        if let Some(last) = news.last() {
            let alerts = Arc::make_mut(&mut folded.alerts);
            let problems: Vec<SuperviseError> =
                news.iter().filter_map(|event| alerts.apply(recorded(event)).err()).collect();
            folded.last = Some(last.id);
            told(&problems);
        }
        Ok(Arc::clone(&folded.alerts))
    }

    /// Marks as of a moment.
    pub fn marks(&self, as_of: Option<Instant>) -> Result<Marks, Trouble> {
        let events = self.events(&Marks::KINDS, as_of)?;
        let (marks, problems) = Marks::fold(events.iter().map(recorded), Instant(i64::MAX));
        told(&problems);
        Ok(marks)
    }
}

/// An event as the folds take it.
pub fn recorded(event: &Event) -> Recorded<'_> {
    Recorded { recorded: event.recorded, kind: &event.kind, actor: &event.actor, body: &event.body }
}

/// An event that cannot be read is never lost silently.
pub fn told(problems: &[SuperviseError]) {
    for problem in problems {
        tracing::warn!(%problem, "an event cannot be read");
    }
}

/// The name of an outlet; its enterprise's name stands before a name that does not have it.
pub fn outlet_name(outlet: &Outlet) -> Text {
    let en = if outlet.name_en.is_empty() { &outlet.name_zh } else { &outlet.name_en };
    Text::new(&outlet.name_zh, en)
}

/// What a person did.
pub fn act(act: &Act) -> ActAnswer {
    ActAnswer { who: act.who.clone(), at: act.at.to_iso(), note: act.note.clone() }
}

/// Whether a value with this flag is a measurement that a limit judges: not one of calibration, standstill or failure.
pub fn counts(flag: Option<DataFlag>) -> bool {
    matches!(flag, None | Some(DataFlag::N | DataFlag::T))
}

/// A number as text.
pub fn number(value: Option<Fixed>) -> Option<String> {
    value.map(|value| value.to_string())
}
