//! Exact aggregates: their results do not depend on how rows are spread over files, threads or machines.
//!
//! - `valid_mean(value, min_n)`: mean of the values, null with fewer than `min_n` (a whole number) of them. Values are summed as
//!   whole numbers; the mean has 16 decimal places. A mean of up to 10⁹ values of six places that is not itself
//!   half-way between two roundings is at least 5·10⁻¹⁶ off, so `gbt8170(valid_mean(…), d)` rounds as the exact
//!   mean would.
//! - `percentile_hj663(value, p)`: the `p`-th percentile, `p` a whole number, interpolated as HJ 663 Annex A says.

use super::functions::exact;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, Int64Array, ListArray};
use arrow::datatypes::{DataType, Decimal128Type, Field, FieldRef, Int64Type};
use datafusion::common::{ScalarValue, exec_err, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility,
};
use datafusion::prelude::SessionContext;
use domain::Ratio;
use std::sync::Arc;

/// Decimal places of results.
const DIGITS: u32 = 16;
/// Type of results and of kept values.
const RESULT: DataType = DataType::Decimal128(38, DIGITS as i8);

/// Makes the aggregates known.
pub(super) fn register(context: &SessionContext) {
    for kind in [Kind::ValidMean, Kind::Percentile] {
        let signature = Signature::variadic_any(Volatility::Immutable);
        context.register_udaf(AggregateUDF::from(Exact { kind, signature }));
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    ValidMean,
    Percentile,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Exact {
    kind: Kind,
    signature: Signature,
}

impl AggregateUDFImpl for Exact {
    fn name(&self) -> &str {
        match self.kind {
            Kind::ValidMean => "valid_mean",
            Kind::Percentile => "percentile_hj663",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        let usage = match self.kind {
            Kind::ValidMean => "valid_mean(value, min_n)",
            Kind::Percentile => "percentile_hj663(value, p)",
        };
        if arguments.len() == 2 { Ok(RESULT) } else { plan_err!("{} arguments given; use {usage}", arguments.len()) }
    }

    fn state_fields(&self, arguments: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let field = |name: &str, data_type: DataType| {
            Arc::new(Field::new(format!("{}[{name}]", arguments.name), data_type, true))
        };
        Ok(match self.kind {
            Kind::ValidMean => {
                vec![field("sum", RESULT), field("count", DataType::Int64), field("min_n", DataType::Int64)]
            }
            Kind::Percentile => vec![field("values", DataType::new_list(RESULT, true)), field("p", DataType::Int64)],
        })
    }

    fn accumulator(&self, _arguments: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(match self.kind {
            Kind::ValidMean => Box::new(MeanAccumulator::default()),
            Kind::Percentile => Box::new(PercentileAccumulator::default()),
        })
    }

    fn groups_accumulator_supported(&self, _arguments: AccumulatorArgs<'_>) -> bool {
        self.kind == Kind::ValidMean
    }

    fn create_groups_accumulator(&self, _arguments: AccumulatorArgs<'_>) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(MeanGroups::default()))
    }
}

/// Values scaled to [`DIGITS`] places.
struct Scaled {
    values: Decimal128Array,
    factor: i128,
}

impl Scaled {
    fn new(column: &ArrayRef) -> Result<Scaled> {
        let values = exact(column)?;
        match u32::try_from(i32::from(DIGITS as i8) - i32::from(values.scale())) {
            Ok(missing) => Ok(Scaled { values, factor: 10_i128.pow(missing) }),
            Err(_) => exec_err!("values with more than {DIGITS} decimal places are not supported; round them first"),
        }
    }

    fn get(&self, row: usize) -> Option<i128> {
        self.values.is_valid(row).then(|| self.values.value(row).saturating_mul(self.factor))
    }
}

/// A whole number per row from `min` to `max`; anything else is an error that says what is `wanted`.
fn whole(column: &ArrayRef, (min, max): (i64, i64), wanted: &str) -> Result<Int64Array> {
    let numbers = exact(column)?;
    let one = 10_i128.pow(u32::from(numbers.scale().unsigned_abs()));
    let mut whole = Vec::with_capacity(numbers.len());
    for (row, number) in numbers.iter().enumerate() {
        let number = number.map(|number| match number.checked_rem(one) {
            Some(0) => i64::try_from(number / one).ok().filter(|number| (min..=max).contains(number)),
            _ => None,
        });
        match number {
            // Numbers too large to be exact are null here and not where they came from.
            None if column.is_valid(row) => return not_whole(column, row, wanted),
            Some(None) => return not_whole(column, row, wanted),
            None => whole.push(None),
            Some(number) => whole.push(number),
        }
    }
    Ok(Int64Array::from(whole))
}

fn not_whole(column: &ArrayRef, row: usize, wanted: &str) -> Result<Int64Array> {
    exec_err!("{wanted}, not {}", ScalarValue::try_from_array(column, row)?)
}

/// The second arguments of [`Kind::ValidMean`].
fn least(column: &ArrayRef) -> Result<Int64Array> {
    whole(column, (0, i64::MAX), "valid_mean wants a whole number of values, 0 or more, as min_n")
}

/// The second arguments of [`Kind::Percentile`].
fn percent(column: &ArrayRef) -> Result<Int64Array> {
    whole(column, (0, 100), "percentile_hj663 wants a whole number from 0 to 100 as p")
}

/// The mean of `count` values with this sum, half to even at the last of [`DIGITS`] places.
fn mean(sum: i128, count: i64, min_n: i64) -> Option<i128> {
    if count < 1 || count < min_n {
        return None;
    }
    let count = i128::from(count);
    let (down, rest) = (sum.div_euclid(count), sum.rem_euclid(count));
    let up = rest * 2 > count || (rest * 2 == count && down % 2 != 0);
    Some(down + i128::from(up))
}

/// Means of all groups at once.
#[derive(Debug, Default)]
struct MeanGroups {
    sums: Vec<i128>,
    counts: Vec<i64>,
    min_n: Vec<i64>,
}

impl MeanGroups {
    fn resize(&mut self, groups: usize) {
        self.sums.resize(groups, 0);
        self.counts.resize(groups, 0);
        self.min_n.resize(groups, 0);
    }

    fn columns(sums: Vec<i128>, counts: Vec<i64>, min_n: Vec<i64>) -> Result<Vec<ArrayRef>> {
        Ok(vec![
            Arc::new(Decimal128Array::from(sums).with_precision_and_scale(38, DIGITS as i8)?),
            Arc::new(Int64Array::from(counts)),
            Arc::new(Int64Array::from(min_n)),
        ])
    }
}

impl GroupsAccumulator for MeanGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        self.resize(total);
        let (given, min_n) = (Scaled::new(&values[0])?, least(&values[1])?);
        for (row, group) in groups.iter().enumerate() {
            if filter.is_some_and(|filter| filter.is_null(row) || !filter.value(row)) {
                continue;
            }
            if min_n.is_valid(row) {
                self.min_n[*group] = self.min_n[*group].max(min_n.value(row));
            }
            if let Some(value) = given.get(row) {
                self.sums[*group] += value;
                self.counts[*group] += 1;
            }
        }
        Ok(())
    }

    fn merge_batch(&mut self, values: &[ArrayRef], groups: &[usize], total: usize) -> Result<()> {
        self.resize(total);
        let sums = values[0].as_primitive::<Decimal128Type>();
        let (counts, min_n) = (values[1].as_primitive::<Int64Type>(), values[2].as_primitive::<Int64Type>());
        for (row, group) in groups.iter().enumerate() {
            self.sums[*group] += sums.value(row);
            self.counts[*group] += counts.value(row);
            self.min_n[*group] = self.min_n[*group].max(min_n.value(row));
        }
        Ok(())
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let sums = emit.take_needed(&mut self.sums);
        let counts = emit.take_needed(&mut self.counts);
        let min_n = emit.take_needed(&mut self.min_n);
        let means = sums.iter().zip(&counts).zip(&min_n).map(|((sum, count), min_n)| mean(*sum, *count, *min_n));
        Ok(Arc::new(Decimal128Array::from_iter(means).with_precision_and_scale(38, DIGITS as i8)?))
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        MeanGroups::columns(
            emit.take_needed(&mut self.sums),
            emit.take_needed(&mut self.counts),
            emit.take_needed(&mut self.min_n),
        )
    }

    fn convert_to_state(&self, values: &[ArrayRef], filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let mut each = MeanGroups::default();
        let rows = values[0].len();
        let groups: Vec<usize> = (0..rows).collect();
        each.update_batch(values, &groups, filter, rows)?;
        MeanGroups::columns(each.sums, each.counts, each.min_n)
    }

    fn size(&self) -> usize {
        self.sums.capacity() * size_of::<i128>() + (self.counts.capacity() + self.min_n.capacity()) * size_of::<i64>()
    }
}

/// One mean, for windows.
#[derive(Debug, Default)]
struct MeanAccumulator {
    groups: MeanGroups,
}

impl Accumulator for MeanAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.groups.update_batch(values, &vec![0; values[0].len()], None, 1)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.groups.merge_batch(states, &vec![0; states[0].len()], 1)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.groups.resize(1);
        let value = mean(self.groups.sums[0], self.groups.counts[0], self.groups.min_n[0]);
        Ok(ScalarValue::Decimal128(value, 38, DIGITS as i8))
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.groups.resize(1);
        Ok(vec![
            ScalarValue::Decimal128(Some(self.groups.sums[0]), 38, DIGITS as i8),
            ScalarValue::Int64(Some(self.groups.counts[0])),
            ScalarValue::Int64(Some(self.groups.min_n[0])),
        ])
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.groups.size()
    }
}

/// Keeps every value: an exact percentile needs them all.
#[derive(Debug, Default)]
struct PercentileAccumulator {
    values: Vec<i128>,
    p: Option<i64>,
}

impl Accumulator for PercentileAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let (given, p) = (Scaled::new(&values[0])?, percent(&values[1])?);
        self.values.extend((0..values[0].len()).filter_map(|row| given.get(row)));
        self.p = p.iter().flatten().next().or(self.p);
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let lists: &ListArray = states[0].as_list::<i32>();
        for list in lists.iter().flatten() {
            self.values.extend(list.as_primitive::<Decimal128Type>().iter().flatten());
        }
        self.p = states[1].as_primitive::<Int64Type>().iter().flatten().next().or(self.p);
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let null = ScalarValue::Decimal128(None, 38, DIGITS as i8);
        let Some(p) = self.p else { return Ok(null) };
        let Some(p) = u8::try_from(p).ok().filter(|p| *p <= 100) else {
            return exec_err!("percentile_hj663 wants a whole number from 0 to 100, not {p}");
        };
        if self.values.is_empty() {
            return Ok(null);
        }
        self.values.sort_unstable();
        let one = 10_i128.pow(DIGITS);
        let sorted: Vec<Ratio> = self.values.iter().map(|value| Ratio::new(*value, one).reduced()).collect();
        let exact = standards::methods::percentile(&sorted, p).reduced();
        let value = match exact.num().checked_mul(one) {
            Some(scaled) => scaled.div_euclid(exact.den()),
            None => {
                i128::from(exact.round(domain::fixed::PLACES).millionths())
                    * 10_i128.pow(DIGITS - domain::fixed::PLACES)
            }
        };
        Ok(ScalarValue::Decimal128(Some(value), 38, DIGITS as i8))
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let values: Vec<ScalarValue> = std::mem::take(&mut self.values)
            .into_iter()
            .map(|value| ScalarValue::Decimal128(Some(value), 38, DIGITS as i8))
            .collect();
        let list = ScalarValue::new_list(&values, &RESULT, true);
        Ok(vec![ScalarValue::List(list), ScalarValue::Int64(self.p)])
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.values.capacity() * size_of::<i128>()
    }
}
