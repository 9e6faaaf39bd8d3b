//! A frame of a device → the answer it gets once it is durable. Called by [`crate::session`].

use intake::hj212::say::{self, Party};
use intake::hj212::{Decoded, Form, Generation, Protocol, Sender, encode};

/// `QnRtn` of one who will execute (HJ 212-2017, Table 9).
const READY: u32 = 1;

/// The answer's bytes; empty when none is wanted.
///
/// HJ 212-2017: data get 9014 and notices 9013 when bit A of the Flag asks for it; a request gets 9011.
/// Every answer repeats the QN of the frame it answers, each part of a message its own.
pub(crate) fn to(decoded: &Decoded<'_>, protocol: &Protocol) -> Vec<u8> {
    if !decoded.wants_answer() {
        return Vec::new();
    }
    let party = Party {
        generation: decoded.generation.unwrap_or(Generation::G2017),
        st: String::new(),
        pw: decoded.pw.to_string(),
        mn: decoded.mn.to_string(),
        key: None,
    };
    let qn = &decoded.qn;
    let outgoing = match form(decoded, protocol) {
        Form::Answer => return Vec::new(),
        Form::Upload => say::data_answer(&party, qn),
        Form::Notice => say::notice_answer(&party, qn),
        Form::Request => say::request_answer(&party, qn, READY),
    };
    encode(&outgoing)
}

/// What a device means by a command. One that nobody knows is taken for data: it asks for no less.
pub(crate) fn form(decoded: &Decoded<'_>, protocol: &Protocol) -> Form {
    let mut forms = protocol.command(&decoded.cn).filter(|command| command.from != Sender::Platform);
    forms.next().map_or(Form::Upload, |command| command.form)
}
