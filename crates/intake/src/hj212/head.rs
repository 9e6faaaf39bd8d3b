//! Header fields → what they say, and what departs from the standard. Called by `decode`.

use super::Generation;
use super::catalog::{GenerationRules, Protocol};
use super::decode::{PARTS_BIT, VERSION_SHIFT};
use super::deviation::{Found, Slip};
use super::header::{Header, HeaderField};
use super::time::parse_qn;

/// What a header says.
pub(super) struct Said {
    pub(super) generation: Option<Generation>,
    /// The generation whose rules it is judged by.
    pub(super) judged_by: Generation,
    pub(super) flag: Option<u8>,
    pub(super) pnum: Option<u32>,
    pub(super) pno: Option<u32>,
}

/// Header fields and the deviation that each one's absence is.
const MISSING: [(HeaderField, Slip); 6] = [
    (HeaderField::Qn, Slip::MissingQn),
    (HeaderField::St, Slip::MissingSt),
    (HeaderField::Cn, Slip::MissingCn),
    (HeaderField::Pw, Slip::MissingPw),
    (HeaderField::Mn, Slip::MissingMn),
    (HeaderField::Flag, Slip::MissingFlag),
];

/// Reads and checks a header.
pub(super) fn read<'t>(header: &Header<'t>, protocol: &Protocol, found: &mut Found<'t>) -> Said {
    let flag = flag_of(header, found);
    let generation = generation_of(header, flag, protocol, found);
    let judged_by = generation.unwrap_or(Generation::G2017);
    let rules = protocol.rules_of(judged_by);
    check_presence(header, rules, found);
    check_values(header, rules, found);
    check_codes(header, judged_by, protocol, found);
    let (pnum, pno) = check_parts(header, flag, rules, found);
    if let Some(name) = header.out_of_place(&protocol.index.header_rank[judged_by as usize]) {
        found.add(Slip::HeaderOrder, name, rules.order.join(" "));
    }
    Said { generation, judged_by, flag, pnum, pno }
}

fn flag_of<'t>(header: &Header<'t>, found: &mut Found<'t>) -> Option<u8> {
    if !header.has(HeaderField::Flag) {
        return None;
    }
    let text = header.get(HeaderField::Flag);
    let flag: Option<u8> = text.trim().parse().ok();
    if !flag.is_some_and(|flag| is_written(flag.into(), text)) {
        found.add(Slip::BadFlag, text, "");
    }
    flag
}

/// By the version in the Flag. Without one it is a frame of 2005, where devices may leave it out, unless the
/// MN is one of the later generations.
fn generation_of<'t>(
    header: &Header<'t>,
    flag: Option<u8>,
    protocol: &Protocol,
    found: &mut Found<'t>,
) -> Option<Generation> {
    let Some(flag) = flag else {
        let later = protocol.rules_of(Generation::G2017);
        let guessed =
            if header.get(HeaderField::Mn).len() == later.mn_chars { Generation::G2017 } else { Generation::G2005 };
        return (!header.has(HeaderField::Flag)).then_some(guessed);
    };
    let version = flag >> VERSION_SHIFT;
    let generation = Generation::ALL.into_iter().find(|of| protocol.rules_of(*of).flag_version == version);
    if generation.is_none() {
        found.add(Slip::UnknownVersion, header.get(HeaderField::Flag), "");
    }
    generation
}

fn check_presence<'t>(header: &Header<'t>, rules: &GenerationRules, found: &mut Found<'t>) {
    for (field, slip) in MISSING {
        if !header.has(field) && rules.required.iter().any(|name| name == field.name()) {
            found.add(slip, "", "");
        }
    }
}

fn check_values<'t>(header: &Header<'t>, rules: &GenerationRules, found: &mut Found<'t>) {
    let (qn, pw, mn) = (header.get(HeaderField::Qn), header.get(HeaderField::Pw), header.get(HeaderField::Mn));
    if header.has(HeaderField::Qn) && parse_qn(qn).is_none() {
        found.add(Slip::BadQn, qn, "");
    }
    let legible = pw.bytes().all(|sign| sign.is_ascii_graphic());
    if header.has(HeaderField::Pw) && (pw.chars().count() != rules.pw_chars || !legible) {
        // The password itself is never quoted.
        found.add(Slip::BadPw, pw.chars().count().to_string(), rules.pw_chars.to_string());
    }
    let any = rules.mn_alphabet.is_empty();
    let allowed = |sign: char| (any && sign.is_ascii_graphic()) || rules.mn_alphabet.contains(sign);
    if header.has(HeaderField::Mn) && mn.trim().is_empty() {
        found.add(Slip::EmptyMn, "", "");
    } else if header.has(HeaderField::Mn) && (mn.chars().count() != rules.mn_chars || !mn.chars().all(allowed)) {
        found.add(Slip::BadMn, mn, format!("{} × {}", rules.mn_chars, rules.mn_alphabet));
    }
    if header.has(HeaderField::Rf) && (header.get(HeaderField::Rf) != "1" || !rules.resend) {
        found.add(Slip::BadRf, header.get(HeaderField::Rf), "");
    }
}

fn check_codes<'t>(header: &Header<'t>, generation: Generation, protocol: &Protocol, found: &mut Found<'t>) {
    let (st, cn) = (header.get(HeaderField::St), header.get(HeaderField::Cn));
    if header.has(HeaderField::St) && protocol.index.system(st).is_none() && !is_free_system(st) {
        found.add(Slip::UnknownSt, st, "");
    }
    if !header.has(HeaderField::Cn) {
        return;
    }
    let generations = protocol.index.command(cn).map_or(0, |forms| forms.generations);
    if generations == 0 {
        found.add(Slip::UnknownCn, cn, "");
    } else if generations & (1 << generation as u8) == 0 {
        let others = Generation::ALL.into_iter().filter(|other| generations & (1 << *other as u8) != 0);
        found.add(Slip::CnOfOtherGeneration, cn, others.map(Generation::code).collect::<Vec<_>>().join(", "));
    }
}

/// A letter and a digit: left free by the standard (HJ 212-2017, 6.6.1).
fn is_free_system(st: &str) -> bool {
    matches!(st.as_bytes(), [letter, digit] if letter.is_ascii_uppercase() && digit.is_ascii_digit())
}

fn check_parts<'t>(
    header: &Header<'t>,
    flag: Option<u8>,
    rules: &GenerationRules,
    found: &mut Found<'t>,
) -> (Option<u32>, Option<u32>) {
    let (has_pnum, has_pno) = (header.has(HeaderField::Pnum), header.has(HeaderField::Pno));
    let said = flag.map(|flag| flag & PARTS_BIT != 0);
    if said == Some(true) && !(has_pnum && has_pno) {
        found.add(Slip::MissingPnumPno, header.get(HeaderField::Flag), "");
    }
    if said == Some(false) && (has_pnum || has_pno) {
        found.add(Slip::UnexpectedPnumPno, header.get(HeaderField::Flag), "");
    }
    if !has_pnum && !has_pno {
        return (None, None);
    }
    let (pnum_text, pno_text) = (header.get(HeaderField::Pnum), header.get(HeaderField::Pno));
    let (pnum, pno) = (pnum_text.trim().parse().ok(), pno_text.trim().parse().ok());
    let good = match (pnum, pno) {
        (Some(count), Some(number)) => {
            1 <= number && number <= count && is_written(count, pnum_text) && is_written(number, pno_text)
        }
        _ => false,
    };
    let short = pnum_text.len() <= rules.part_digits[0] && pno_text.len() <= rules.part_digits[1];
    if has_pnum && has_pno && !(good && short) {
        found.add(Slip::BadPnumPno, format!("{pnum_text}/{pno_text}"), "");
    }
    (pnum, pno)
}

/// Whether a number is written plainly, without signs, blanks or zeros in front.
fn is_written(number: u32, text: &str) -> bool {
    let digits = number.checked_ilog10().unwrap_or(0) as usize + 1;
    text.len() == digits && text.bytes().all(|digit| digit.is_ascii_digit())
}
