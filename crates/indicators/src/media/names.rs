//! Names and units of parameters, read once.

use domain::{Fixed, Parameters, Ratio, Text, Units};
use std::sync::LazyLock;

static PARAMETERS: LazyLock<Parameters> = LazyLock::new(Parameters::builtin);
static UNITS: LazyLock<Units> = LazyLock::new(Units::builtin);

/// The name of a parameter; its code where the catalog has none.
pub(super) fn name_of(parameter: &str) -> Text {
    PARAMETERS.get(parameter).map_or_else(|| Text::new(parameter, parameter), |own| own.name.clone())
}

/// What a value of a parameter is multiplied by to stand in another unit of the same dimension; `None` where it has
/// no such factor.
pub(super) fn factor_to(parameter: &str, unit: &str) -> Option<Ratio> {
    let own = PARAMETERS.get(parameter)?;
    let one = UNITS.conversion(&own.unit, unit).ok()?;
    let (zero, one) = (one.apply(Fixed::from_integer(0)).ok()?, one.apply(Fixed::from_integer(1)).ok()?);
    (zero == Fixed::from_integer(0) && one > zero).then(|| Ratio::from(one))
}

/// `a · b`.
pub(super) fn product(a: Ratio, b: Ratio) -> Ratio {
    let (a, b) = (a.reduced(), b.reduced());
    Ratio::new(a.num() * b.num(), a.den() * b.den()).reduced()
}
