//! A word that is not known → the known word nearest to it, to ask “did you mean …?”. Used by the problems of
//! names: of parameters, items, columns, words of tables.

use crate::problems::folded;

/// Longest word that is looked at, in characters.
const LONGEST: usize = 40;

/// The nearest of `known`; `None` when none is near enough to be worth asking.
///
/// Near enough: at most a third of the longer word is other, or one word holds the other, as 氨氮浓度 holds 氨氮.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let word: Vec<char> = folded(word).chars().collect();
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        let other: Vec<char> = folded(name).chars().collect();
        if other.is_empty() || other.len() > LONGEST {
            continue;
        }
        let (longer, shorter) = (word.len().max(other.len()), word.len().min(other.len()));
        let away = if holds(&word, &other) { 1 + (longer - shorter) / 4 } else { distance(&word, &other) };
        let near = away * 3 <= longer || (shorter >= 2 && holds(&word, &other));
        if near && best.is_none_or(|(least, _)| away < least) {
            best = Some((away, name));
        }
    }
    best.map(|(_, name)| name.to_string())
}

fn holds(a: &[char], b: &[char]) -> bool {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    long.windows(short.len()).any(|part| part == short)
}

/// Levenshtein's distance: characters to put in, take out or change.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_for_the_word_that_was_meant() {
        let known = ["氨氮", "总磷", "总氮", "高锰酸盐指数", "化学需氧量", "五日生化需氧量", "nh3n", "codmn"];
        for (word, expect) in [
            ("氨氮浓度", Some("氨氮")),
            ("高锰酸钾指数", Some("高锰酸盐指数")),
            ("化学耗氧量", Some("化学需氧量")),
            ("NH3－N", Some("nh3n")),
            ("CODmm", Some("codmn")),
            ("苯", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known.into_iter()).as_deref(), expect, "{word}");
        }
    }

    /// By hand: kitten → sitting takes three changes.
    #[test]
    fn counts_changes() {
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        assert_eq!(distance(&chars("kitten"), &chars("sitting")), 3);
        assert_eq!(distance(&chars(""), &chars("abc")), 3);
    }
}
