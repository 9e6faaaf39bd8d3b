//! The standards as SQL functions over whole columns.
//!
//! - `iaqi(item, period, value[, rules])`: sub-index of one item; `period` is `day` or `hour`.
//! - `aqi(v1, …, vn[, rules])`, `aqi_primary(…)`: index and primary pollutants of a day. The values are those of the
//!   items that the catalog's first rule set needs for a day, in its order; a wrong number of them is answered
//!   with their names.
//! - `aqi_level(aqi[, rules])`, `aqi_class(aqi[, rules])`, `aqi_class_en(aqi[, rules])`.
//! - `gbt8170(value, digits)`: rounded half to even, exactly, to 0 to 6 decimal places.
//!
//! `rules` is a rule set or standard (`air-2012`, `hj633-2026`), or the time of the data (a timestamp or date): then
//! the rules in force at that time judge. Without it, the rules in force when the snapshot was recorded.
//!
//! A value with more than six decimal places is raised to the next millionth. No index notices: each index
//! covers the concentrations up to and including a whole number of millionths.

use super::rules::Rules;
use crate::schema::NONE;
use crate::snapshot::Snapshot;
use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array, Int32Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int32Type};
use datafusion::common::{exec_err, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use datafusion::prelude::SessionContext;
use domain::fixed::{ONE, PLACES};
use domain::{Instant, Ratio, Text};
use standards::{AirIndex, AqiColumns, Level, Period};
use std::sync::Arc;

/// What a function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Iaqi,
    Aqi,
    Primary,
    Level,
    ClassZh,
    ClassEn,
    Round,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct AirFunction {
    name: &'static str,
    kind: Kind,
    signature: Signature,
    rules: Rules,
}

/// Makes the functions known. The default rules are those in force when the snapshot was recorded.
pub(super) fn register(context: &SessionContext, snapshot: &Snapshot) {
    let (day, _) = snapshot.recorded().unwrap_or(Instant(0)).civil();
    let rules = Rules::new(snapshot.shared.catalog(), day);
    let all = [
        ("iaqi", Kind::Iaqi),
        ("aqi", Kind::Aqi),
        ("aqi_primary", Kind::Primary),
        ("aqi_level", Kind::Level),
        ("aqi_class", Kind::ClassZh),
        ("aqi_class_en", Kind::ClassEn),
        ("gbt8170", Kind::Round),
    ];
    for (name, kind) in all {
        let signature = Signature::variadic_any(Volatility::Immutable);
        context.register_udf(ScalarUDF::from(AirFunction { name, kind, signature, rules: rules.clone() }));
    }
}

impl AirFunction {
    /// Least number of arguments; functions of rules take one more, the rules.
    fn needs(&self) -> usize {
        match self.kind {
            Kind::Iaqi => 3,
            Kind::Aqi | Kind::Primary => self.rules.items().len(),
            Kind::Level | Kind::ClassZh | Kind::ClassEn => 1,
            Kind::Round => 2,
        }
    }

    fn usage(&self) -> String {
        match self.kind {
            Kind::Iaqi => "iaqi(item, period, value[, rules])".to_string(),
            Kind::Aqi | Kind::Primary => format!("{}({}[, rules])", self.name, self.rules.items().join(", ")),
            Kind::Level | Kind::ClassZh | Kind::ClassEn => format!("{}(aqi[, rules])", self.name),
            Kind::Round => "gbt8170(value, digits)".to_string(),
        }
    }
}

impl ScalarUDFImpl for AirFunction {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        let needs = self.needs();
        let most = if self.kind == Kind::Round { needs } else { needs + 1 };
        if arguments.len() < needs || arguments.len() > most {
            return plan_err!("{} arguments given; use {}", arguments.len(), self.usage());
        }
        Ok(match self.kind {
            Kind::Iaqi | Kind::Aqi | Kind::Level => DataType::Int32,
            Kind::Primary | Kind::ClassZh | Kind::ClassEn => DataType::Utf8,
            Kind::Round => DataType::Decimal128(38, PLACES as i8),
        })
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = arguments.number_rows;
        let columns =
            arguments.args.iter().map(|argument| argument.to_array(rows)).collect::<Result<Vec<ArrayRef>>>()?;
        let needs = self.needs();
        let given = &columns[..needs];
        let rules = columns.get(needs);
        let array: ArrayRef = match self.kind {
            Kind::Iaqi => Arc::new(Int32Array::from(self.iaqi(given, rules, rows)?)),
            Kind::Aqi => Arc::new(Int32Array::from(self.aqi(given, rules)?)),
            Kind::Primary => Arc::new(StringArray::from(self.primary(given, rules)?)),
            Kind::Level => Arc::new(Int32Array::from(self.levels(given, rules, |level| i32::from(level.level))?)),
            Kind::ClassZh => Arc::new(StringArray::from(self.classes(given, rules, |text| &text.zh)?)),
            Kind::ClassEn => Arc::new(StringArray::from(self.classes(given, rules, |text| &text.en)?)),
            Kind::Round => Arc::new(round(&given[0], &given[1])?),
        };
        Ok(ColumnarValue::Array(array))
    }
}

impl AirFunction {
    fn iaqi(&self, given: &[ArrayRef], rules: Option<&ArrayRef>, rows: usize) -> Result<Vec<Option<i32>>> {
        let texts = |column: &ArrayRef| cast(column, &DataType::Utf8);
        let (items, periods) = (texts(&given[0])?, texts(&given[1])?);
        let (items, periods) = (items.as_string::<i32>(), periods.as_string::<i32>());
        let values = millionths(&given[2])?;
        let mut asked: Vec<(&str, &str)> = Vec::new();
        let mut places: Vec<Option<usize>> = Vec::with_capacity(rows);
        for pair in items.iter().zip(periods.iter()) {
            places.push(match pair {
                (Some(item), Some(period)) => Some(match asked.iter().position(|known| *known == (item, period)) {
                    Some(place) => place,
                    None => {
                        asked.push((item, period));
                        asked.len() - 1
                    }
                }),
                _ => None,
            });
        }
        self.rules.choose(rules)?.each(rows, |index| {
            let mut judged: Vec<Option<i32>> = vec![None; rows];
            let mut codes = Vec::new();
            for (place, (item, period)) in asked.iter().enumerate() {
                let (period, position) = find(index, item, period)?;
                index.item_column(period, position, &values, &mut codes);
                for ((out, mine), code) in judged.iter_mut().zip(&places).zip(&codes) {
                    if *mine == Some(place) {
                        *out = number(*code);
                    }
                }
            }
            Ok(judged)
        })
    }

    /// Judges columns given in the order of [`Rules::items`].
    fn judge(&self, values: &[Vec<i64>], index: &AirIndex) -> AqiColumns {
        let order = self.rules.items();
        let columns: Vec<&[i64]> = index
            .items(Period::Day)
            .iter()
            .map(|item| {
                let place = order.iter().position(|other| *other == item.item);
                place.and_then(|place| values.get(place)).map_or(&[][..], Vec::as_slice)
            })
            .collect();
        let mut judged = AqiColumns::default();
        index.columns(Period::Day, &columns, &mut judged);
        judged
    }

    fn aqi(&self, given: &[ArrayRef], rules: Option<&ArrayRef>) -> Result<Vec<Option<i32>>> {
        let values = given.iter().map(millionths).collect::<Result<Vec<_>>>()?;
        let rows = values.first().map_or(0, Vec::len);
        self.rules
            .choose(rules)?
            .each(rows, |index| Ok(self.judge(&values, index).aqi.into_iter().map(number).collect()))
    }

    fn primary(&self, given: &[ArrayRef], rules: Option<&ArrayRef>) -> Result<Vec<Option<String>>> {
        let values = given.iter().map(millionths).collect::<Result<Vec<_>>>()?;
        let rows = values.first().map_or(0, Vec::len);
        self.rules.choose(rules)?.each(rows, |index| {
            let judged = self.judge(&values, index);
            let named = judged
                .aqi
                .iter()
                .zip(&judged.primary)
                .map(|(aqi, primary)| number(*aqi).map(|_| index.names(Period::Day, *primary).join(";")));
            Ok(named.collect())
        })
    }

    fn levels<T: Clone>(
        &self,
        given: &[ArrayRef],
        rules: Option<&ArrayRef>,
        pick: impl Fn(&Level) -> T,
    ) -> Result<Vec<Option<T>>> {
        let values = cast(&given[0], &DataType::Int32)?;
        let values = values.as_primitive::<Int32Type>();
        self.rules.choose(rules)?.each(values.len(), |index| {
            let level = |aqi: i32| u16::try_from(aqi).ok().and_then(|aqi| index.level(aqi)).map(&pick);
            Ok(values.iter().map(|aqi| aqi.and_then(level)).collect())
        })
    }

    fn classes(
        &self,
        given: &[ArrayRef],
        rules: Option<&ArrayRef>,
        pick: fn(&Text) -> &String,
    ) -> Result<Vec<Option<String>>> {
        self.levels(given, rules, |level| pick(&level.class).clone())
    }
}

fn find(index: &AirIndex, item: &str, period: &str) -> Result<(Period, usize)> {
    let Ok(period) = period.parse::<Period>() else {
        return exec_err!("unknown period `{period}`; it is `day` or `hour`");
    };
    match index.items(period).iter().position(|known| known.item == item) {
        Some(position) => Ok((period, position)),
        None => {
            let known: Vec<&str> = index.items(period).iter().map(|item| item.item.as_str()).collect();
            exec_err!("{} has no item `{item}` for a {}; it has {}", index.id, period.code(), known.join(", "))
        }
    }
}

fn number(code: u16) -> Option<i32> {
    (code != AqiColumns::NONE).then(|| i32::from(code))
}

/// A column of any numeric type in millionths, [`NONE`] for null; raised to the next millionth (see above).
fn millionths(column: &ArrayRef) -> Result<Vec<i64>> {
    if column.data_type().is_floating() {
        let floats = cast(column, &DataType::Float64)?;
        let floats = floats.as_primitive::<Float64Type>();
        return Ok(floats.iter().map(|value| value.map_or(NONE, from_float)).collect());
    }
    let decimals = exact(column)?;
    let scale = decimals.scale();
    let convert = |value: i128| -> i64 {
        let power = |digits: i32| 10_i128.pow(digits.unsigned_abs());
        let scaled = match i32::from(scale) - PLACES as i32 {
            more if more > 0 => value.div_euclid(power(more)) + i128::from(value.rem_euclid(power(more)) != 0),
            less => value.saturating_mul(power(less)),
        };
        i64::try_from(scaled).unwrap_or(if scaled < 0 { -1 } else { i64::MAX })
    };
    Ok(decimals.iter().map(|value| value.map_or(NONE, convert)).collect())
}

/// A float was a decimal once: within a billionth of a millionth it is taken for it, else raised as a decimal is.
fn from_float(value: f64) -> i64 {
    let scaled = value * ONE as f64;
    let near = scaled.round();
    let tolerance = 1e-9 * scaled.abs().max(1.0);
    (if (scaled - near).abs() <= tolerance { near } else { scaled.ceil() }) as i64
}

/// A column of integers or decimals as decimals of its own scale.
pub(super) fn exact(column: &ArrayRef) -> Result<Decimal128Array> {
    let wanted = match column.data_type() {
        DataType::Decimal128(..) => column.data_type().clone(),
        DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal256(_, scale) => {
            DataType::Decimal128(38, *scale)
        }
        other if other.is_integer() => DataType::Decimal128(20, 0),
        DataType::Null => DataType::Decimal128(38, PLACES as i8),
        other if other.is_floating() => DataType::Decimal128(38, 12),
        other => return exec_err!("a number is needed, not {other}; cast it first"),
    };
    Ok(cast(column, &wanted)?.as_primitive::<Decimal128Type>().clone())
}

fn round(values: &ArrayRef, digits: &ArrayRef) -> Result<Decimal128Array> {
    let values = exact(values)?;
    let digits = cast(digits, &DataType::Int32)?;
    let digits = digits.as_primitive::<Int32Type>();
    let scale = values.scale();
    let mut rounded: Vec<Option<i128>> = Vec::with_capacity(values.len());
    for (value, digits) in values.iter().zip(digits.iter()) {
        let (Some(value), Some(digits)) = (value, digits) else {
            rounded.push(None);
            continue;
        };
        let Some(places) = u32::try_from(digits).ok().filter(|places| *places <= PLACES) else {
            return exec_err!("gbt8170 rounds to 0 to {PLACES} decimal places, not {digits}");
        };
        let ratio = if scale >= 0 {
            Ratio::new(value, 10_i128.pow(u32::from(scale.unsigned_abs())))
        } else {
            Ratio::new(value.saturating_mul(10_i128.pow(u32::from(scale.unsigned_abs()))), 1)
        };
        rounded.push(Some(i128::from(ratio.round(places).millionths())));
    }
    Ok(Decimal128Array::from(rounded).with_precision_and_scale(38, PLACES as i8)?)
}
