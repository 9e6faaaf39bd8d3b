//! Frames that are right, frames that are wrong, and every frame of the shared collections.

#![expect(clippy::result_large_err, reason = "what is tested gives problems")]

use super::*;
use domain::{Cadence, DataFlag, Fixed, FrameId, Instant, OnlineMessage};
use proptest::prelude::*;

fn protocol() -> &'static Protocol {
    Protocol::builtin()
}

/// Deviations of a frame, `!` before those that break it.
fn slips(raw: &str) -> String {
    let decoded = decode(raw.as_bytes(), None, protocol());
    let codes = decoded.deviations.iter().map(|of| format!("{}{}", if of.breaks { "!" } else { "" }, of.code));
    codes.collect::<Vec<_>>().join(" ")
}

/// A frame with the right length and checksum around a segment.
fn framed(segment: &str) -> String {
    format!("##{:04}{segment}{:04X}", segment.len(), crc16(segment.as_bytes()))
}

/// Deviations of a right frame of 2017 with this data area and command.
fn of_area(cn: &str, area: &str) -> String {
    slips(&framed(&format!(
        "QN=20200101080000000;ST=31;CN={cn};PW=123456;MN=0123456789ABCDEF01234567;Flag=5;CP=&&{area}&&"
    )))
}

/// Deviations of a frame with this header and no data.
fn of_header(header: &str) -> String {
    slips(&framed(&format!("{header}CP=&&&&")))
}

fn fixed(text: &str) -> Option<Fixed> {
    text.parse().ok()
}

#[test]
fn the_catalog_is_read() {
    if let Err(problems) = Protocol::load(&Protocol::builtin_files()) {
        panic!("{problems:#?}");
    }
    let mut files = Protocol::builtin_files();
    files.insert("commands.csv", "cn,form\n1,2\n");
    files.insert("deviations.toml", "[no-such]\nbreaks = true\nclause = ['', '', '']\nzh = ''\nen = ''\n");
    let problems = Protocol::load(&files).expect_err("a bad catalog");
    assert!(problems.len() > 50, "each missing kind is told");
}

#[test]
fn codes_are_found_by_either_generation() {
    assert_eq!(protocol().code("w01018").map(|code| code.name_zh.as_str()), Some("化学需氧量"));
    assert_eq!(protocol().code_2005("011").map(|code| code.code.as_str()), Some("w01018"));
    assert_eq!(protocol().code("e10103").map(|code| code.code.as_str()), Some("e101xx"));
    assert!(protocol().code("e999zz").is_none() && protocol().code("e1").is_none());
    assert!(protocol().code("a34004").is_some_and(|code| code.note.contains("ng/m3")));
    assert_eq!(protocol().cadence("2061"), Some(Cadence::Hour));
    assert_eq!(protocol().value("QnRtn", "3").map(|words| words.en), Some("wrong PW".into()));
    assert_eq!(protocol().command("1014").count(), 2);
    // HJ 212-2017 Table 9 has 33; 2005 has ten of its own and lacks twelve, 2025 has ten more.
    let of = |generation| {
        let has = protocol().commands.iter().filter(|command| command.generations.contains(&generation));
        has.map(|command| command.cn.as_str()).collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!((of(Generation::G2005), of(Generation::G2017), of(Generation::G2025)), (31, 33, 43));
}

#[derive(serde::Deserialize)]
struct VectorFile {
    vector: Vec<Vector>,
}

#[derive(serde::Deserialize)]
struct Vector {
    name: String,
    key: String,
    frame: String,
}

#[test]
fn the_standards_examples_decode_and_encode_back_to_the_byte() {
    let files = Protocol::builtin_files();
    let vectors: VectorFile = toml::from_str(files.get("vectors.toml").expect("embedded")).expect("readable");
    assert_eq!(vectors.vector.len(), 6);
    let mut areas = Vec::new();
    for Vector { name, key, frame } in vectors.vector {
        let key = Key::from_hex(&key);
        let decoded = decode(frame.as_bytes(), key.as_ref(), protocol());
        assert!(decoded.ok && decoded.conforms(), "{name}: {:?}", decoded.deviations);
        assert_eq!(decoded.encrypted, key.is_some(), "{name}");
        let mut outgoing = json::outgoing(&json::line(&decoded)).expect("a frame");
        outgoing.key = key;
        assert_eq!(String::from_utf8(encode(&outgoing)).expect("text"), format!("{frame}\r\n"), "{name}");
        areas.push(decoded.cp.text().to_string());
    }
    assert_eq!((&areas[2], &areas[4]), (&areas[3], &areas[5]), "encrypted and plain say the same");
}

#[test]
fn an_encrypted_frame_without_its_key_or_with_another_is_told() {
    let party = party(Generation::G2025, Key::from_hex(&"30".repeat(16)));
    let area = say::Area::new().time("DataTime", Instant(0)).item("a21026", &[("Rtd", "1.5".into())]);
    let raw = encode(&say::upload(&party, Instant(0), "2011", area, Answer::Wanted));
    let locked = decode(&raw, None, protocol());
    assert!(locked.encrypted && locked.locked && locked.length_ok && !locked.ok && locked.has("no-key"));
    assert_eq!(json::line(&locked)["crc_ok"], serde_json::Value::Null);
    assert_eq!(locked.mn, party.mn, "the header is plain, so that the key can be found");
    let wrong = decode(&raw, Key::from_hex(&"31".repeat(16)).as_ref(), protocol());
    assert!(!wrong.ok && wrong.has("crc-mismatch") && wrong.locked && wrong.cp.is_empty());
    let right = decode(&raw, party.key.as_ref(), protocol());
    assert_eq!(right.cp.get("a21026-Rtd"), Some("1.5"));
    // As some devices do it: length and checksum of what is sent.
    let text = String::from_utf8(raw).expect("text");
    let segment = &text[6..text.len() - 6];
    let sent = framed(segment);
    let read = decode(sent.as_bytes(), party.key.as_ref(), protocol());
    assert!(read.ok && read.has("length-of-ciphertext") && read.has("crc-of-ciphertext"), "{:?}", read.deviations);
    assert_eq!(read.cp.get("a21026-Rtd"), Some("1.5"));
}

#[test]
fn what_breaks_a_frame() {
    let good = framed("QN=20200101080000000;ST=91;CN=9014;PW=123456;MN=0123456789ABCDEF01234567;Flag=4;CP=&&&&");
    assert_eq!(slips(&good), "");
    assert_eq!(slips(&format!("  {good}\r\n")), "");
    assert_eq!(slips(&good[2..]), "!no-header");
    assert_eq!(slips(&good.replace("##00", "##0")), "!length-not-4-digits");
    assert_eq!(slips(&good.replace("##00", "##01")), "!length-mismatch");
    assert_eq!(slips(&good[..good.len() - 1]), "!crc-not-4-hex");
    assert_eq!(slips(&good[..good.len() - 4]), "!crc-not-4-hex");
    assert_eq!(slips(&good.replace("PW=1", "PW=2")), "!crc-mismatch");
    let segment = &good[6..good.len() - 4];
    let modbus = format!("{}{:04X}", &good[..good.len() - 4], super::crc::modbus(segment.as_bytes()));
    assert_eq!(slips(&modbus), "!crc-modbus");
    assert_eq!(slips(&framed("QN=20200101080000000;ST=91")), "missing-cn missing-pw missing-mn !no-cp");
    for raw in ["", "#", "##", "##0", "##0004", "##0004&&", "&&", "CP=&&", "##0000", "##00000000"] {
        assert!(!decode(raw.as_bytes(), None, protocol()).ok, "{raw}");
    }
}

#[test]
fn a_checksum_with_zeros_in_front_or_small_letters_is_understood() {
    // HJ 212-2017 6.3.1: four hexadecimal digits.
    let small = framed("ST=32;CN=9014;PW=123456;MN=12345678901234;CP=&&&&");
    let (head, crc) = small.split_at(small.len() - 4);
    let lower = format!("{head}{}", crc.to_lowercase());
    assert_eq!(slips(&lower), if lower == small { "" } else { "crc-lower-case" });
    let short = framed("QN=20200101080000000;ST=91;CN=9014;PW=123456;MN=0123456789ABCDEF01234567;Flag=4;CP=&&&&");
    let (head, crc) = short.split_at(short.len() - 4);
    let unpadded = format!("{head}{}", crc.trim_start_matches('0'));
    let decoded = decode(unpadded.as_bytes(), None, protocol());
    assert!(decoded.crc_ok && decoded.length_ok);
}

#[test]
fn header_leniencies_are_told() {
    let rest = "PW=123456;MN=0123456789ABCDEF01234567;";
    let qn = "QN=20200101080000000;";
    assert_eq!(of_header(&format!("{qn}ST=91;CN=9014;{rest}Flag=4;")), "");
    assert_eq!(of_header(&format!("ST=91;CN=9014;{rest}Flag=4;")), "missing-qn");
    assert_eq!(of_header(&format!("QN=1617951801848;ST=91;CN=9014;{rest}Flag=4;")), "bad-qn");
    assert_eq!(of_header(&format!("QN=20200231080000000;ST=91;CN=9014;{rest}Flag=4;")), "bad-qn");
    assert_eq!(of_header(&format!("{qn}ST=91;CN=9014;PW=12;MN=;Flag=4;")), "bad-pw empty-mn");
    assert_eq!(of_header(&format!("{qn}ST=91;CN=9014;PW=123456;MN=A110000_0001;Flag=4;")), "bad-mn");
    assert_eq!(of_header(&format!("{qn}ST=80;CN=8888;{rest}Flag=4;")), "unknown-st unknown-cn");
    assert_eq!(of_header(&format!("{qn}ST=A1;CN=9015;{rest}Flag=4;")), "cn-of-other-generation");
    assert_eq!(of_header(&format!("{qn}ST=91;CN=9014;{rest}Flag=x;")), "bad-flag");
    assert_eq!(of_header(&format!("{qn}ST=91;CN=9014;{rest}Flag=97;")), "unknown-version");
    assert_eq!(of_header(&format!("{qn}ST=91;CN=9014;{rest}Flag=6;")), "missing-pnum-pno");
    assert_eq!(of_header(&format!("{qn}ST=91;CN=9014;{rest}Flag=6;PNUM=2;PNO=1;")), "");
    assert_eq!(of_header(&format!("{qn}ST=91;CN=9014;{rest}Flag=6;PNO=1;PNUM=2;")), "header-order");
    assert_eq!(of_header(&format!("{qn}ST=91;CN=9014;{rest}Flag=6;PNUM=2;PNO=3;")), "bad-pnum-pno");
    assert_eq!(of_header(&format!("{qn}ST=91;CN=9014;{rest}Flag=4;PNUM=2;PNO=1;")), "unexpected-pnum-pno");
    assert_eq!(of_header(&format!("{qn}ST=91;CN=9014;{rest}Flag=4;RF=1;")), "bad-rf");
    assert_eq!(of_header(&format!("{qn}ST=91;CN=9014;{rest}Flag=8;RF=1;")), "");
    assert_eq!(of_header(&format!("QN=20200101080000000,ST=91;CN=9014;{rest}Flag=4;")), "separator-slip");
    assert_eq!(
        of_header(&format!("{qn}ST=91; CN=9014;{rest}flag=4;X=1;")),
        "stray-blank field-case unknown-header-field"
    );
    let hidden = format!("{qn}ST=91;CN=9011;{rest}Flag=4,CP=&&QnRtn=1;X=2&&");
    let decoded = decode(hidden.as_bytes(), None, protocol());
    assert_eq!((decoded.cp.text(), decoded.has("separator-slip")), ("QnRtn=1;X=2", true));
    assert_eq!(of_header("ST=91;CN=9014;PW=123456;MN=12345678901234;"), "", "2005 may leave out QN and Flag");
}

#[test]
fn area_leniencies_are_told() {
    let data = |fields: &str| of_area("2011", &format!("DataTime=20200101080000;{fields}"));
    assert_eq!(data("a21026-Rtd=1.5,a21026-Flag=N;a21002-Rtd=-0.1,a21002-Flag=D"), "");
    assert_eq!(data("a21026-Rtd=1.5;"), "trailing-separator");
    assert_eq!(data("a21026-Rtd=1.5,a21002-Rtd=2"), "items-joined");
    assert_eq!(data("a21026-Rtd=1.5;a21026-Flag=N"), "item-split");
    assert_eq!(data("a21026-Rtd=1.5,a21026-Rtd=1.6"), "repeated-field");
    assert_eq!(data("a21026-Rtd=,a21026-Flag=N"), "empty-value");
    assert_eq!(data("a21026-Rtd=1.5.2,a21026-Flag=X"), "not-a-number unknown-data-flag");
    assert_eq!(data("a21026-Rtd=1.5,a21026-flag=N"), "field-case");
    assert_eq!(data("a21026-td=1.5"), "unknown-field");
    assert_eq!(data("a21026-Ala=1.5"), "field-of-other-generation field-not-of-command");
    assert_eq!(data("02-Rtd=1.5"), "code-of-2005");
    assert_eq!(data("a88888-Rtd=1.5"), "unknown-code");
    assert_eq!(of_area("2011", "a21026-Rtd=1.5"), "missing-field");
    assert_eq!(of_area("2011", "DataTime=202001010800;a21026-Rtd=1.5"), "bad-time");
    assert_eq!(of_area("2021", "DataTime=20200101080000;SB1-RS=1;SB2-RS=9"), "value-out-of-range");
    assert_eq!(of_area("1062", "RtdInterval=5"), "value-out-of-range");
    assert_eq!(of_area("1062", ""), "missing-field");
    assert_eq!(of_area("9011", "QnRtn=1"), "");
    assert_eq!(of_area("2061", "BeginTime=20200101080000;EndTime=20200101090000"), "");
    assert_eq!(of_area("3020", "DataTime=20200101080000;PolId=w01018,i11001-Info=//a,b//"), "");
}

#[test]
fn a_message_says_what_to_do_and_quotes_the_value() {
    let raw = framed("ST=32;CN=9014;PW=123456;MN=12345678901234;CP=&&&&").replace("##00", "##01");
    let decoded = decode(raw.as_bytes(), None, protocol());
    let message = decoded.deviations[0].message();
    assert!(message.zh.contains("0149") && message.zh.contains("49 字节"), "{message:?}");
    assert!(message.en.contains("0149") && message.en.contains("has 49 bytes"), "{message:?}");
    let raw = raw.replace("CP=", "Flag=4;QN=20200101080000000;CP=");
    let decoded = decode(raw.as_bytes(), None, protocol());
    let length = decoded.deviations.iter().find(|of| of.code == "length-mismatch").expect("it is wrong");
    assert_eq!(length.clause(), "HJ 212-2017, 6.3.1 Table 2");
}

#[test]
fn no_frame_makes_many_deviations() {
    let many = "?-?=?;".repeat(2000);
    let decoded = decode(many.as_bytes(), None, protocol());
    assert!(decoded.deviations.len() < 20);
    let raw = framed(&format!("ST=32;CN=2011;PW=123456;MN=12345678901234;CP=&&DataTime=20200101080000;{many}&&"));
    let decoded = decode(raw.as_bytes(), None, protocol());
    let unknown = decoded.deviations.iter().find(|of| of.code == "unknown-field").expect("it is there");
    assert_eq!(unknown.times, 2000);
}

fn read_message(raw: &str) -> (Option<OnlineMessage>, Vec<&'static str>) {
    let decoded = decode(raw.as_bytes(), None, protocol());
    let (message, problems) = message(&decoded, FrameId(7), protocol());
    (message, problems.iter().map(|problem| problem.code).collect())
}

#[test]
fn a_frame_of_2005_becomes_a_message_in_the_codes_of_2017() {
    let (message, problems) = read_message(&framed(
        "ST=32;CN=2051;PW=123456;MN=12345678901234;CP=&&DataTime=20150430135700;B01-Min=895.13,B01-Avg=909.87,B01-Cou=54.59;011-Avg=1e3,011-Flag=d;zz9-Avg=1&&",
    ));
    let message = message.expect("data");
    assert_eq!(problems, Vec::<&str>::new());
    assert_eq!((message.frame, message.cadence, message.part), (FrameId(7), Cadence::Minute, (1, 1)));
    assert_eq!(message.time.to_iso(), "2015-04-30T13:57:00+08:00");
    let codes: Vec<_> = message.items.iter().map(|item| (item.sent_code.as_str(), item.code.as_str())).collect();
    assert_eq!(codes, [("B01", "w00000"), ("011", "w01018"), ("zz9", "zz9")]);
    assert_eq!((message.items[0].min, message.items[0].cou), (fixed("895.13"), fixed("54.59")));
    assert_eq!((message.items[1].avg, message.items[1].flag), (fixed("1000"), Some(DataFlag::D)));
}

#[test]
fn what_cannot_be_read_stays_as_sent() {
    let (message, problems) = read_message(&framed(
        "ST=31;CN=2011;PW=123456;MN=12345678901234;CP=&&DataTime=20150430135700123;02-Rtd=--,02-Flag=P,02-EFlag=E1;02-Rtd=1.23456789;02-Rtd=2&&",
    ));
    let message = message.expect("data");
    assert_eq!(problems, ["unreadable-value", "unreadable-value", "too-many-decimals", "repeated-field"]);
    assert_eq!(message.time.to_iso(), "2015-04-30T13:57:00.123+08:00");
    assert_eq!(message.items.len(), 1);
    assert_eq!(message.items[0].rtd, fixed("1.234568"));
    let other: Vec<_> = message.items[0].other.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(other, ["Rtd=--", "Flag=P", "EFlag=E1", "Rtd=2"]);
    assert_eq!(read_message(&framed("ST=31;CN=2011;PW=123456;MN=1;CP=&&02-Rtd=1&&")).1, ["bad-data-time"]);
    assert_eq!(read_message(&framed("ST=31;CN=2011;PW=123456;MN=1;CP=&&&&")), (None, vec![]));
    assert_eq!(read_message(&framed("ST=31;CN=2051;PW=123456;MN=1;CP=&&BeginTime=1;EndTime=2&&")), (None, vec![]));
    assert_eq!(read_message(&framed("ST=91;CN=9014;PW=123456;MN=1;CP=&&DataTime=1&&")), (None, vec![]));
}

#[test]
fn text_in_gbk_is_read() {
    let segment = "QN=20200101080000000;ST=31;CN=3020;PW=123456;MN=0123456789ABCDEF01234567;Flag=5;CP=&&DataTime=20200101080000;i11001-Info=//清洗//&&";
    let (bytes, _, _) = encoding_rs::GBK.encode(segment);
    let mut raw = format!("##{:04}", bytes.len()).into_bytes();
    raw.extend_from_slice(&bytes);
    raw.extend_from_slice(format!("{:04X}", crc16(&bytes)).as_bytes());
    let decoded = decode(&raw, None, protocol());
    assert!(decoded.ok && decoded.has("not-utf8"), "{:?}", decoded.deviations);
    assert_eq!(decoded.cp.get("i11001-Info"), Some("//清洗//"));
    assert_eq!(slips(&framed(segment)), "", "UTF-8 is counted in bytes");
}

fn party(generation: Generation, key: Option<Key>) -> say::Party {
    let mn = if generation == Generation::G2005 { "12345678901234" } else { "0123456789ABCDEF01234567" };
    say::Party { generation, st: "31".into(), pw: "123456".into(), mn: mn.into(), key }
}

#[test]
fn everything_that_is_said_conforms() {
    let (at, key_hex) = (Instant(1_700_000_000_000), "30".repeat(16));
    let span = say::Span { from: at, to: Instant(at.0 + 3_600_000) };
    let plan = say::Sampling { start_s: 3600, cycle_h: 2 };
    for generation in Generation::ALL {
        let of = &party(generation, None);
        let area = say::Area::new().time("DataTime", at).item("LA", &[("Rtd", "50.1".into()), ("Flag", "N".into())]);
        let mut frames = vec![
            say::request_answer(of, "20200101080000000", 1),
            say::result(of, "20200101080000000", 100),
            say::notice_answer(of, "20200101080000000"),
            say::data_answer(of, "20200101080000000"),
            say::set_timeout(of, at, 5, 3),
            say::ask_time(of, at, None),
            say::time_is(of, at, Some("a21026"), at),
            say::set_time(of, at, None, at),
            say::ask_realtime_interval(of, at),
            say::realtime_interval_is(of, at, 30),
            say::set_realtime_interval(of, at, 30),
            say::set_password(of, at, "654321"),
            say::ask_realtime(of, at),
            say::stop_realtime(of, at),
            say::ask_states(of, at),
            say::stop_states(of, at),
            say::upload(of, at, "2011", area.clone(), Answer::Wanted),
            say::upload(of, at, "2011", area.clone(), Answer::Wanted).part(say::Part { count: 2, number: 1 }),
            say::control(of, at, "3011", "a21026"),
            say::control(of, at, "3012", "a21026"),
            say::control(of, at, "3013", "a21026"),
        ];
        frames.extend(["2031", "2041", "2051", "2061"].map(|cn| say::ask_past(of, at, cn, span)));
        if generation != Generation::G2005 {
            frames.extend([
                say::want_time(of, at, None),
                say::ask_minute_interval(of, at),
                say::minute_interval_is(of, at, 10),
                say::set_minute_interval(of, at, 10),
                say::started(of, at, at, at),
                say::control(of, at, "3014", "a21026"),
                say::retain_sample(of, at),
                say::sample_retained(of, at, at, 3),
                say::set_sampling(of, at, "w01018", plan),
                say::sampling_is(of, at, "w01018", plan),
                say::control(of, at, "3017", "w01018"),
                say::control(of, at, "3018", "w01018"),
                say::sample_time_is(of, at, "w01018", 30),
                say::control(of, at, "3019", "w01018"),
                say::serial_is(of, at, "w01018", "A-1"),
                say::ask_information(of, at, Some("w01018"), "i11001", Some(span)),
                say::information(of, at, at, Some("w01018"), &[("i11001", "//好//".into())]),
                say::set_parameter(of, at, "w01018", ("i13004", "1.5")),
            ]);
        }
        if generation == Generation::G2025 {
            frames.extend([
                say::heartbeat(of, at),
                say::hardware(of, at, &[("i23005", "X1".into()), ("i23006", "X2".into())]),
                say::set_mn(of, at, "0123456789ABCDEF01234568"),
                say::want_key(of, at),
                say::set_key(of, at, &key_hex, at),
                say::ask_past(of, at, "2013", span),
                say::calibrate(of, at, "a21026", 1),
                say::retain_now(of, at, None),
                say::control(of, at, "3024", "a21026"),
                say::upload(of, at, "2011", area, Answer::Wanted).resent(),
            ]);
        }
        for frame in frames {
            let raw = String::from_utf8(encode(&frame)).expect("text");
            assert_eq!(slips(&raw), "", "{raw}");
            let decoded = decode(raw.as_bytes(), None, protocol());
            assert_eq!(decoded.generation, Some(generation), "{raw}");
            let again = encode(&json::outgoing(&json::line(&decoded)).expect("a frame"));
            assert_eq!(raw.as_bytes(), again);
        }
    }
}

#[test]
fn only_what_is_to_be_encrypted_is() {
    let party = party(Generation::G2025, Key::from_hex(&"30".repeat(16)));
    let area = say::Area::new().time("DataTime", Instant(0));
    let sealed = |frame: &Outgoing| decode(&encode(frame), party.key.as_ref(), protocol()).encrypted;
    assert!(sealed(&say::upload(&party, Instant(0), "2011", area, Answer::Wanted)));
    assert!(sealed(&say::set_key(&party, Instant(0), &"31".repeat(16), Instant(0))));
    assert!(!sealed(&say::data_answer(&party, "20200101080000000")));
    assert!(!sealed(&say::ask_realtime(&party, Instant(0))), "nothing to encrypt");
}

#[test]
fn frames_are_made_from_json_by_hand() {
    let made = |text: &str| {
        let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
        json::outgoing(&value).map(|frame| String::from_utf8(encode(&frame)).expect("text"))
    };
    let frame =
        made(r#"{"cn":"2011","st":31,"flag":4,"cp":[{"DataTime":"20200101080000"},[["a-Rtd",1.5],["a-Flag","N"]]]}"#);
    assert_eq!(
        frame.expect("a frame"),
        "##0070ST=31;CN=2011;Flag=4;CP=&&DataTime=20200101080000;a-Rtd=1.5,a-Flag=N&&".to_string()
            + &{
                format!("{:04X}\r\n", crc16(b"ST=31;CN=2011;Flag=4;CP=&&DataTime=20200101080000;a-Rtd=1.5,a-Flag=N&&"))
            }
    );
    for (text, part) in [
        ("[]", "JSON object"),
        ("{}", "`cn`"),
        (r#"{"cn":"1;2"}"#, "`cn`"),
        (r#"{"cn":"2011","flag":256}"#, "256"),
        (r#"{"cn":"2011","flag":99}"#, "unknown version"),
        (r#"{"cn":"2011","generation":"1999"}"#, "1999"),
        (r#"{"cn":"2011","key":"12"}"#, "32 hexadecimal"),
        (r#"{"cn":"2011","cp":7}"#, "`cp`"),
    ] {
        let problem = made(text).expect_err(text);
        assert!(problem.message.en.contains(part), "{text}: {}", problem.message.en);
    }
}

#[test]
fn shared_frames_have_the_expected_verdict() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/hj212_frames/frames.tsv");
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let mut count = 0;
    for line in text.lines().filter(|line| line.starts_with("##")) {
        let columns: Vec<&str> = line.split('\t').collect();
        let decoded = decode(columns[0].as_bytes(), None, protocol());
        let codes: Vec<_> = decoded.deviations.iter().map(|of| of.code).collect();
        assert_eq!(decoded.ok, columns[1] == "ok", "{line}\n{codes:?}");
        assert!(decoded.ok || decoded.deviations.iter().any(|of| of.breaks));
        fuzz_decode(columns[0].as_bytes());
        count += 1;
    }
    assert_eq!(count, 50);
}

#[test]
fn captured_frames_agree_with_their_columns() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/hj212_captures/frames_corpus.csv");
    let Ok(mut reader) = csv::Reader::from_path(path) else { return };
    let (mut count, mut crc_ok, mut length_ok) = (0, 0, 0);
    let mut stream = Vec::new();
    for row in reader.records() {
        let row = row.expect("a row");
        let (declared, actual, good) = (&row[6], &row[7], &row[8] == "True");
        let decoded = decode(row[9].as_bytes(), None, protocol());
        assert_eq!(decoded.crc_ok, good, "{}", &row[9]);
        assert_eq!(decoded.length_ok, declared == actual, "{}", &row[9]);
        assert!(decoded.ok || decoded.deviations.iter().any(|of| of.breaks), "{}", &row[9]);
        assert_eq!(decoded.mn, row[4], "{}", &row[9]);
        fuzz_decode(row[9].as_bytes());
        stream.extend_from_slice(row[9].trim().as_bytes());
        stream.extend_from_slice(b"\r\n");
        (count, crc_ok, length_ok) =
            (count + 1, crc_ok + i32::from(decoded.crc_ok), length_ok + i32::from(decoded.length_ok));
    }
    // As the collection's own README counts them.
    assert_eq!((count, crc_ok, length_ok), (4508, 4492, 4497));
    let mut framer = Framer::new(FramerLimits::default());
    framer.push(&stream);
    let frames = std::iter::from_fn(|| framer.next().or_else(|| framer.finish()));
    assert_eq!(frames.filter(|piece| matches!(piece, Piece::Frame(_))).count(), 4508);
}

fn cut_whole(bytes: &[u8]) -> Vec<Piece> {
    let mut framer = Framer::new(FramerLimits::default());
    framer.push(bytes);
    std::iter::from_fn(|| framer.next().or_else(|| framer.finish())).collect()
}

#[test]
fn frames_are_found_however_they_are_sent() {
    let one = framed("QN=20200101080000000;ST=91;CN=9014;PW=123456;MN=1;Flag=4;CP=&&&&");
    let frame = |text: &str| Piece::Frame(text.as_bytes().to_vec());
    let garbage = |text: &str| Piece::Garbage(text.as_bytes().to_vec());
    assert_eq!(cut_whole(format!("{one}\r\n{one}\r\n").as_bytes()), [frame(&one), frame(&one)]);
    assert_eq!(cut_whole(format!("{one}{one}").as_bytes()), [frame(&one), frame(&one)], "no line ends");
    assert_eq!(cut_whole(format!("\n\nxyz{one}#").as_bytes()), [garbage("xyz"), frame(&one), garbage("#")]);
    let long = one.replace("##00", "##09");
    assert_eq!(cut_whole(format!("{long}\r\n{one}").as_bytes()), [frame(&long), frame(&one)], "wrong length");
    assert_eq!(cut_whole(format!("{long}{one}").as_bytes()), [frame(&long), frame(&one)], "wrong length, no line end");
    let short = one.replace("##00", "##");
    assert_eq!(cut_whole(format!("{short}\r\n{one}").as_bytes()), [frame(&short), frame(&one)]);
    let broken = &one[..40];
    assert_eq!(cut_whole(format!("{broken}{one}").as_bytes()), [frame(broken), frame(&one)], "cut short");
    assert_eq!(cut_whole(format!("##9999{one}").as_bytes()), [garbage("##9999"), frame(&one)]);
    assert_eq!(cut_whole(format!("###{one}").as_bytes()), [garbage("###"), frame(&one)]);
    let no_crc = &one[..one.len() - 4];
    assert_eq!(cut_whole(format!("{no_crc}\r\n{one}").as_bytes()), [frame(no_crc), frame(&one)]);
}

#[test]
fn an_answer_is_given_as_soon_as_a_frame_is_whole() {
    let one = framed("QN=20200101080000000;ST=91;CN=9014;PW=123456;MN=1;Flag=4;CP=&&&&");
    let mut framer = Framer::new(FramerLimits::default());
    framer.push(one.as_bytes());
    assert!(matches!(framer.next(), Some(Piece::Frame(_))), "without waiting for the line end");
    framer.push(b"\r\n");
    assert_eq!((framer.next(), framer.buffered()), (None, 0));
    let sealed = party(Generation::G2025, Key::from_hex(&"30".repeat(16)));
    let area = say::Area::new().time("DataTime", Instant(0)).item("a21026", &[("Rtd", "1.5".into())]);
    framer.push(&encode(&say::upload(&sealed, Instant(0), "2011", area, Answer::Wanted)));
    assert!(matches!(framer.next(), Some(Piece::Frame(_))), "encrypted: by its line end");
}

#[test]
fn an_endless_frame_holds_no_more_than_its_limit() {
    let mut framer = Framer::new(FramerLimits { max_frame_bytes: 1000 });
    let mut given = 0;
    framer.push(b"##9999QN=2;CP=&&");
    for _ in 0..500 {
        framer.push(&[b'x'; 100]);
        while let Some(piece) = framer.next() {
            given += piece.raw().len();
        }
        assert!(framer.buffered() < 1016);
    }
    assert!(given > 48_000);
}

fn any_frame() -> impl Strategy<Value = String> {
    let area = proptest::collection::vec(("[a-z][0-9]{5}", "[0-9]{1,4}(\\.[0-9]{1,3})?"), 0..12);
    let line_end = prop_oneof![Just("\r\n"), Just(""), Just("\n")];
    (area, line_end).prop_map(|(items, line_end)| {
        let items: Vec<_> = items.iter().map(|(code, value)| format!("{code}-Rtd={value},{code}-Flag=N")).collect();
        let segment =
            format!("ST=31;CN=2011;PW=123456;MN=12345678901234;CP=&&DataTime=20200101080000;{}&&", items.join(";"));
        framed(&segment) + line_end
    })
}

fn garbage() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        "[#&0-9=;CP\r\n]{0,30}".prop_map(String::into_bytes),
        any_frame().prop_flat_map(|frame| (0..frame.len()).prop_map(move |at| frame.as_bytes()[..at].to_vec())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_whole_frame_is_lost_between_garbage(parts in proptest::collection::vec((garbage(), any_frame()), 1..6)) {
        let bytes: Vec<u8> = parts.iter().flat_map(|(garbage, frame)| [garbage.as_slice(), frame.as_bytes()].concat()).collect();
        let found: Vec<Vec<u8>> = cut_whole(&bytes).iter().map(|piece| piece.raw().to_vec()).collect();
        let mut rest = found.iter();
        for (_, frame) in &parts {
            prop_assert!(rest.any(|piece| piece == frame.trim_end().as_bytes()), "{} in {:?}", frame, String::from_utf8_lossy(&bytes));
        }
        fuzz_framer(&bytes);
    }

    #[test]
    fn no_frame_makes_it_panic(frame in any_frame(), at in 0_usize..200, with in garbage(), cut in 0_usize..20) {
        let mut bytes = frame.into_bytes();
        let at = at.min(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with);
        fuzz_decode(&bytes);
    }

    #[test]
    fn what_is_encoded_is_decoded(
        items in proptest::collection::vec(("a[0-9]{5}", -999_999_999_i64..999_999_999), 0..10),
        sealed in any::<bool>(),
        resent in any::<bool>(),
        at in 0_i64..4_000_000_000_000,
    ) {
        let key = Key::from_hex("00112233445566778899aabbccddeeff").filter(|_| sealed);
        let party = party(Generation::G2025, key.clone());
        let mut area = say::Area::new().time("DataTime", Instant(at));
        for (code, value) in &items {
            area = area.item(code, &[("Rtd", Fixed::from_millionths(*value).to_string()), ("Flag", "N".into())]);
        }
        let frame = say::upload(&party, Instant(at), "2011", area.clone(), Answer::Wanted);
        let frame = if resent { frame.resent() } else { frame };
        let raw = encode(&frame);
        let decoded = decode(&raw, key.as_ref(), protocol());
        prop_assert!(decoded.ok, "{:?}", decoded.deviations);
        prop_assert_eq!(decoded.cp.text(), area.text());
        prop_assert_eq!(decoded.rf, resent);
        let (message, problems) = message(&decoded, FrameId(1), protocol());
        let message = message.expect("data");
        prop_assert_eq!(message.time.0, at / 1000 * 1000);
        let distinct: std::collections::BTreeSet<_> = items.iter().map(|(code, _)| code).collect();
        prop_assert_eq!(message.items.len(), distinct.len());
        if distinct.len() == items.len() {
            prop_assert!(problems.is_empty());
            for (item, (code, value)) in message.items.iter().zip(&items) {
                prop_assert_eq!((&item.sent_code, item.rtd), (code, Some(Fixed::from_millionths(*value))));
            }
        }
    }
}
