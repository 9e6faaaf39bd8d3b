//! What platform and devices say → [`Outgoing`] frames, one function a command.
//!
//! Used by the gateway (platform), the simulator (devices) and the command line. Answers have `ST=91` and
//! repeat the QN of what they answer; requests and notices have their own QN and ask for an answer.

use super::Generation;
use super::catalog::Protocol;
use super::encode::{Answer, Outgoing, Parts};
use super::secret::Key;
use super::time::{qn_of, time_of};
use domain::Instant;

/// The device that is spoken to, or that speaks.
#[derive(Clone, Debug)]
pub struct Party {
    /// Generation it speaks.
    pub generation: Generation,
    /// Its system code.
    pub st: String,
    /// Its password.
    pub pw: String,
    /// Its device code.
    pub mn: String,
    /// Its SM4 key, if what is to be encrypted shall be.
    pub key: Option<Key>,
}

/// A data area as it grows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area(String);

/// One part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How many parts there are.
    pub count: u32,
    /// Which one this is, from 1.
    pub number: u32,
}

/// The span of a request for what is past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First time wanted.
    pub from: Instant,
    /// Last time wanted.
    pub to: Instant,
}

/// The sampling plan of 3016.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// First sampling, seconds after midnight.
    pub start_s: u32,
    /// Hours between samplings.
    pub cycle_h: u32,
}

/// System code of answers: HJ 212-2017, 6.6.1.
const DIALOGUE: &str = "91";

impl Party {
    /// A frame of this party; encrypted when the catalog says that the command is, and a key is there.
    pub fn frame(&self, qn: Instant, cn: &str, area: Area, answer: Answer) -> Outgoing {
        let protocol = Protocol::builtin();
        let sealed = protocol.command(cn).any(|form| form.encrypted && form.generations.contains(&self.generation));
        Outgoing {
            generation: self.generation,
            qn: qn_of(qn),
            st: self.st.clone(),
            cn: cn.to_string(),
            pw: self.pw.clone(),
            mn: self.mn.clone(),
            flag: Some(Outgoing::flag_of(protocol.rules_of(self.generation).flag_version, answer, Parts::One)),
            pnum: None,
            pno: None,
            rf: false,
            cp: area.0,
            key: self.key.clone().filter(|_| sealed),
        }
    }

    fn ask(&self, qn: Instant, cn: &str, area: Area) -> Outgoing {
        self.frame(qn, cn, area, Answer::Wanted)
    }

    /// An answer to the frame whose QN, as sent, is given.
    fn answer(&self, qn: &str, cn: &str, area: Area) -> Outgoing {
        let frame = self.frame(Instant(0), cn, area, Answer::None);
        Outgoing { qn: qn.to_string(), st: DIALOGUE.to_string(), ..frame }
    }
}

impl Area {
    /// Nothing yet.
    pub fn new() -> Area {
        Area::default()
    }

    /// A whole area as text.
    pub fn of(text: impl Into<String>) -> Area {
        Area(text.into())
    }

    /// With one more field, in a group of its own.
    pub fn field(mut self, name: &str, value: impl std::fmt::Display) -> Area {
        use std::fmt::Write;
        if !self.0.is_empty() {
            self.0.push(';');
        }
        write!(self.0, "{name}={value}").expect("writing to a string cannot fail");
        self
    }

    /// With one more item: `code-Rtd=…,code-Flag=N`.
    pub fn item(mut self, code: &str, fields: &[(&str, String)]) -> Area {
        use std::fmt::Write;
        for (at, (name, value)) in fields.iter().enumerate() {
            let before = if at > 0 {
                ","
            } else if self.0.is_empty() {
                ""
            } else {
                ";"
            };
            write!(self.0, "{before}{code}-{name}={value}").expect("writing to a string cannot fail");
        }
        self
    }

    /// With the field `DataTime` or another time.
    pub fn time(self, name: &str, moment: Instant) -> Area {
        self.field(name, time_of(moment))
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl Outgoing {
    /// The same frame as one part of a message.
    pub fn part(mut self, part: Part) -> Outgoing {
        self.flag = self.flag.map(|flag| flag | super::decode::PARTS_BIT);
        self.pnum = Some(part.count);
        self.pno = Some(part.number);
        self
    }

    /// The same frame as sent again, where the generation can say so.
    pub fn resent(mut self) -> Outgoing {
        self.rf = Protocol::builtin().rules_of(self.generation).resend;
        self
    }
}

/// 9011: whether a request will be executed.
pub fn request_answer(party: &Party, qn: &str, qn_rtn: u32) -> Outgoing {
    party.answer(qn, "9011", Area::new().field("QnRtn", qn_rtn))
}

/// 9012: how a request was executed.
pub fn result(party: &Party, qn: &str, exe_rtn: u32) -> Outgoing {
    party.answer(qn, "9012", Area::new().field("ExeRtn", exe_rtn))
}

/// 9013: a notice has arrived.
pub fn notice_answer(party: &Party, qn: &str) -> Outgoing {
    party.answer(qn, "9013", Area::new())
}

/// 9014: data have arrived.
pub fn data_answer(party: &Party, qn: &str) -> Outgoing {
    party.answer(qn, "9014", Area::new())
}

/// 9015: heartbeat.
pub fn heartbeat(party: &Party, qn: Instant) -> Outgoing {
    let frame = party.frame(qn, "9015", Area::new(), Answer::None);
    Outgoing { st: DIALOGUE.to_string(), ..frame }
}

/// 1000: timeout in seconds and number of resends.
pub fn set_timeout(party: &Party, qn: Instant, over_time_s: u32, resends: u32) -> Outgoing {
    party.ask(qn, "1000", Area::new().field("OverTime", over_time_s).field("ReCount", resends))
}

/// 1001 of 2025: serials of the logger's hardware, one a code.
pub fn hardware(party: &Party, qn: Instant, serials: &[(&str, String)]) -> Outgoing {
    let add = |area: Area, (code, serial): &(&str, String)| area.item(code, &[("Info", serial.clone())]);
    party.ask(qn, "1001", serials.iter().fold(Area::new(), add))
}

/// 1002 of 2025: gives a device its code. The name of the field is unconfirmed.
pub fn set_mn(party: &Party, qn: Instant, mn: &str) -> Outgoing {
    party.ask(qn, "1002", Area::new().field("NewMN", mn))
}

/// 1011: asks for the device's time, or for that of one of its instruments.
pub fn ask_time(party: &Party, qn: Instant, pol_id: Option<&str>) -> Outgoing {
    party.ask(qn, "1011", of_pollutant(pol_id))
}

/// 1011 from a device: its time.
pub fn time_is(party: &Party, qn: Instant, pol_id: Option<&str>, now: Instant) -> Outgoing {
    party.frame(qn, "1011", of_pollutant(pol_id).time("SystemTime", now), Answer::None)
}

/// 1012: sets the device's time, or that of one of its instruments.
pub fn set_time(party: &Party, qn: Instant, pol_id: Option<&str>, now: Instant) -> Outgoing {
    party.ask(qn, "1012", of_pollutant(pol_id).time("SystemTime", now))
}

/// 1013 from a device: asks to be told the time.
pub fn want_time(party: &Party, qn: Instant, pol_id: Option<&str>) -> Outgoing {
    party.ask(qn, "1013", of_pollutant(pol_id))
}

/// 1014 from a device: asks for a new key.
pub fn want_key(party: &Party, qn: Instant) -> Outgoing {
    party.ask(qn, "1014", Area::new())
}

/// 1014: gives a new key.
pub fn set_key(party: &Party, qn: Instant, key_hex: &str, made: Instant) -> Outgoing {
    party.ask(qn, "1014", Area::new().time("SKCreateTime", made).field("NewSK", key_hex))
}

/// 1061: asks for the interval of real-time data.
pub fn ask_realtime_interval(party: &Party, qn: Instant) -> Outgoing {
    party.ask(qn, "1061", Area::new())
}

/// 1061 from a device: that interval.
pub fn realtime_interval_is(party: &Party, qn: Instant, seconds: u32) -> Outgoing {
    party.frame(qn, "1061", Area::new().field("RtdInterval", seconds), Answer::None)
}

/// 1062: sets the interval of real-time data.
pub fn set_realtime_interval(party: &Party, qn: Instant, seconds: u32) -> Outgoing {
    party.ask(qn, "1062", Area::new().field("RtdInterval", seconds))
}

/// 1063: asks for the interval of minute data.
pub fn ask_minute_interval(party: &Party, qn: Instant) -> Outgoing {
    party.ask(qn, "1063", Area::new())
}

/// 1063 from a device: that interval.
pub fn minute_interval_is(party: &Party, qn: Instant, minutes: u32) -> Outgoing {
    party.frame(qn, "1063", Area::new().field("MinInterval", minutes), Answer::None)
}

/// 1064: sets the interval of minute data.
pub fn set_minute_interval(party: &Party, qn: Instant, minutes: u32) -> Outgoing {
    party.ask(qn, "1064", Area::new().field("MinInterval", minutes))
}

/// 1072: sets the password.
pub fn set_password(party: &Party, qn: Instant, password: &str) -> Outgoing {
    let name = if party.generation == Generation::G2005 { "PW" } else { "NewPW" };
    party.ask(qn, "1072", Area::new().field(name, password))
}

/// 2011: asks for real-time data from now on.
pub fn ask_realtime(party: &Party, qn: Instant) -> Outgoing {
    party.ask(qn, "2011", Area::new())
}

/// 2012: stop real-time data.
pub fn stop_realtime(party: &Party, qn: Instant) -> Outgoing {
    party.ask(qn, "2012", Area::new())
}

/// 2021: asks for the state of devices from now on.
pub fn ask_states(party: &Party, qn: Instant) -> Outgoing {
    party.ask(qn, "2021", Area::new())
}

/// 2022: stop the state of devices.
pub fn stop_states(party: &Party, qn: Instant) -> Outgoing {
    party.ask(qn, "2022", Area::new())
}

/// Asks for what is past: 2031 days, 2041 running hours, 2051 minutes, 2061 hours; of 2025 also 2013, 2052, 2062.
pub fn ask_past(party: &Party, qn: Instant, cn: &str, span: Span) -> Outgoing {
    party.ask(qn, cn, Area::new().time("BeginTime", span.from).time("EndTime", span.to))
}

/// Uploads data or any other information: 2011, 2021, 2031, 2041, 2051, 2061, 2081, 3015, 3020 and so on.
pub fn upload(party: &Party, qn: Instant, cn: &str, area: Area, answer: Answer) -> Outgoing {
    party.frame(qn, cn, area, answer)
}

/// 2081 from a device: when it was started.
pub fn started(party: &Party, qn: Instant, now: Instant, restarted: Instant) -> Outgoing {
    party.ask(qn, "2081", Area::new().time("DataTime", now).time("RestartTime", restarted))
}

/// A command to one instrument: 3011 calibrate, 3012 sample now, 3013 clean, 3014 comparison sampling,
/// 3017, 3018, 3019 ask for cycle, time to a value, serial; of 2025 also 3024 standard-sample check.
pub fn control(party: &Party, qn: Instant, cn: &str, pol_id: &str) -> Outgoing {
    party.ask(qn, cn, of_pollutant(Some(pol_id)))
}

/// 3011 of 2025, with the type of calibration.
pub fn calibrate(party: &Party, qn: Instant, pol_id: &str, calibration_type: u32) -> Outgoing {
    party.ask(qn, "3011", of_pollutant(Some(pol_id)).field("CalibrationType", calibration_type))
}

/// 3015: retain a sample.
pub fn retain_sample(party: &Party, qn: Instant) -> Outgoing {
    party.ask(qn, "3015", Area::new())
}

/// 3015 from a device: the bottle with a sample.
pub fn sample_retained(party: &Party, qn: Instant, at: Instant, bottle: u32) -> Outgoing {
    party.ask(qn, "3015", Area::new().time("DataTime", at).field("VaseNo", bottle))
}

/// 3016: sets the sampling cycle.
pub fn set_sampling(party: &Party, qn: Instant, pol_id: &str, sampling: Sampling) -> Outgoing {
    party.ask(qn, "3016", sampling_area(pol_id, sampling))
}

/// 3017 from a device: the sampling cycle.
pub fn sampling_is(party: &Party, qn: Instant, pol_id: &str, sampling: Sampling) -> Outgoing {
    party.frame(qn, "3017", sampling_area(pol_id, sampling), Answer::None)
}

/// 3018 from a device: minutes from sample to value.
pub fn sample_time_is(party: &Party, qn: Instant, pol_id: &str, minutes: u32) -> Outgoing {
    party.frame(qn, "3018", of_pollutant(Some(pol_id)).field("Stime", minutes), Answer::None)
}

/// 3019 from a device: the serial of an instrument.
pub fn serial_is(party: &Party, qn: Instant, pol_id: &str, serial: &str) -> Outgoing {
    let area = of_pollutant(Some(pol_id)).item(pol_id, &[("SN", serial.to_string())]);
    party.frame(qn, "3019", area, Answer::None)
}

/// 3020: asks for field information.
pub fn ask_information(
    party: &Party,
    qn: Instant,
    pol_id: Option<&str>,
    info_id: &str,
    span: Option<Span>,
) -> Outgoing {
    let area = of_pollutant(pol_id).field("InfoId", info_id);
    let area = match span {
        Some(span) => area.time("BeginTime", span.from).time("EndTime", span.to),
        None => area,
    };
    party.ask(qn, "3020", area)
}

/// 3020 from a device: field information.
pub fn information(
    party: &Party,
    qn: Instant,
    at: Instant,
    pol_id: Option<&str>,
    infos: &[(&str, String)],
) -> Outgoing {
    let area = Area::new().time("DataTime", at);
    let area = pol_id.map_or(area.clone(), |pol_id| area.field("PolId", pol_id));
    let add = |area: Area, (code, text): &(&str, String)| area.item(code, &[("Info", text.clone())]);
    party.ask(qn, "3020", infos.iter().fold(area, add))
}

/// 3021: sets a field parameter.
pub fn set_parameter(party: &Party, qn: Instant, pol_id: &str, (info_id, value): (&str, &str)) -> Outgoing {
    let area = of_pollutant(Some(pol_id)).field("InfoId", info_id);
    party.ask(qn, "3021", area.item(info_id, &[("Info", value.to_string())]))
}

/// 3022 of 2025: retain a sample now.
pub fn retain_now(party: &Party, qn: Instant, bottle: Option<u32>) -> Outgoing {
    let area = bottle.map_or(Area::new(), |bottle| Area::new().field("VaseNo", bottle));
    party.ask(qn, "3022", area)
}

fn of_pollutant(pol_id: Option<&str>) -> Area {
    pol_id.map_or(Area::new(), |pol_id| Area::new().field("PolId", pol_id))
}

fn sampling_area(pol_id: &str, sampling: Sampling) -> Area {
    let (hour, minute, second) = (sampling.start_s / 3600, sampling.start_s / 60 % 60, sampling.start_s % 60);
    of_pollutant(Some(pol_id))
        .field("CstartTime", format!("{hour:02}{minute:02}{second:02}"))
        .field("Ctime", sampling.cycle_h)
}
