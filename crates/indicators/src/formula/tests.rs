//! Formulas by hand, and against the same arithmetic done with fractions directly.

use super::{Formula, NoValue};
use domain::Ratio;
use proptest::prelude::*;

fn value(text: &str, numbers: &[(&str, i128)]) -> Result<Ratio, NoValue> {
    let of = |name: &str| {
        let found = numbers.iter().find(|(own, _)| *own == name);
        Ratio::new(found.expect("a name of the test").1, 1)
    };
    Formula::read(text).expect("a formula of the test").value(&of)
}

/// By hand.
#[test]
fn arithmetic_is_exact_and_ranks_as_usual() {
    let of = [("a", 7), ("b", 3), ("minerals", 5), ("max_2", 2)];
    for (text, num, den) in [
        ("a / b * 100", 700, 3),
        ("a - b - 1", 3, 1),
        ("a - b + 1", 5, 1),
        ("a + b - 1 + 2", 11, 1),
        ("a / b / 2", 7, 6),
        ("a * b / 2 * 4", 42, 1),
        ("a - b * 2", 1, 1),
        ("2 * (a - b)", 8, 1),
        ("-a + b", -4, 1),
        ("0.1 + 0.2", 3, 10),
        ("a * 0.0341", 2387, 10_000),
        ("min(a, b)", 3, 1),
        ("max(0, b - a)", 0, 1),
        ("max(a - b, 0) * 2", 8, 1),
        ("2 * max(a, b) + 1", 15, 1),
        ("1 + min(a - b, a + b) / 2", 3, 1),
        ("min(max(a, b), 4)", 4, 1),
        ("max(min(a, b), min(b, 2)) + 1", 4, 1),
        ("min(a, min(b, 2))", 2, 1),
        ("minerals + max_2", 7, 1),
        ("(1 - (a / b) / (2 / b)) * 100", -250, 1),
    ] {
        assert_eq!(value(text, &of), Ok(Ratio::new(num, den)), "{text}");
    }
}

#[test]
fn no_value_says_why() {
    assert_eq!(value("a / b", &[("a", 1), ("b", 0)]), Err(NoValue::DividedByZero));
    assert_eq!(value("a / (b - b) + 1", &[("a", 1), ("b", 5)]), Err(NoValue::DividedByZero));
    assert_eq!(value("0 / b", &[("b", 0)]), Err(NoValue::DividedByZero));
    assert_eq!(value("a * a", &[("a", i128::MAX / 2)]), Err(NoValue::TooLarge));
}

#[test]
fn bad_formulas_are_told() {
    for text in [
        "",
        "a +",
        "a b",
        "(a",
        "a)",
        "2 a",
        "min(a)",
        "a ** b",
        "a % b",
        "a; b",
        "é",
        "1.2.3",
        "()",
        "min",
        ",",
        "a min b",
        "min(a, b, b)",
        "(a, b)",
        "1 2",
    ] {
        let read = Formula::read(text);
        assert!(read.is_err(), "{text}: {read:?}");
    }
}

proptest! {
    #[test]
    fn never_panics(text in "[a-c0-9 .,+*/()min-]{0,40}") {
        if let Ok(formula) = Formula::read(&text) {
            let _ = formula.value(&|_| Ratio::new(3, 7));
        }
    }

    #[test]
    fn agrees_with_fractions(a in -1_000_000_i128..1_000_000, b in 1_i128..1_000_000, c in 1_i128..1000) {
        let (fa, fb, fc) = (Ratio::new(a, 100), Ratio::new(b, 1000), Ratio::new(c, 1));
        let of = |name: &str| match name { "a" => fa, "b" => fb, _ => fc };
        let own = Formula::read("(a - b * c) / b + c").expect("a formula").value(&of);
        let product = Ratio::new(b * c, 1000);
        let other = fa.minus(product).divided_by(fb).plus(fc);
        prop_assert_eq!(own, Ok(other));
    }
}
