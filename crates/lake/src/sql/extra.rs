//! Tables that another crate keeps, shown to SQL beside the lake's own: frames, judged values, events.
//!
//! Made by `server`, which knows where they come from; here they are only columns of plain values.

use crate::schema;
use arrow::array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::catalog::TableProvider;
use datafusion::error::Result;
use datafusion::prelude::SessionContext;
use domain::{Fixed, Instant};
use std::sync::Arc;

/// A table to show beside the lake's own.
#[derive(Clone, Debug, Default)]
pub struct ExtraTable {
    /// Name in SQL.
    pub name: String,
    /// Columns, all of the same length.
    pub columns: Vec<(String, ExtraColumn)>,
}

/// The values of one column; `None` is null.
#[derive(Clone, Debug)]
pub enum ExtraColumn {
    /// Text.
    Text(Vec<Option<String>>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Exact decimals.
    Decimal(Vec<Option<Fixed>>),
    /// Moments.
    Time(Vec<Option<Instant>>),
}

impl ExtraTable {
    /// A table with these columns.
    pub fn new(name: &str, columns: Vec<(&str, ExtraColumn)>) -> ExtraTable {
        let columns = columns.into_iter().map(|(name, column)| (name.to_string(), column)).collect();
        ExtraTable { name: name.to_string(), columns }
    }
}

pub(super) fn register(context: &SessionContext, extra: &[ExtraTable]) -> Result<()> {
    for table in extra {
        context.register_table(table.name.as_str(), provider(table)?)?;
    }
    Ok(())
}

fn provider(table: &ExtraTable) -> Result<Arc<dyn TableProvider>> {
    let arrays = table.columns.iter().map(|(_, column)| array(column)).collect::<Result<Vec<ArrayRef>>>()?;
    let fields: Vec<Field> = table
        .columns
        .iter()
        .zip(&arrays)
        .map(|((name, _), array)| Field::new(name, array.data_type().clone(), true))
        .collect();
    super::tables::memory(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

/// Digits of a whole [`Fixed`], and those after its point.
const FIXED: (u8, i8) = (19, 6);

fn array(column: &ExtraColumn) -> Result<ArrayRef> {
    Ok(match column {
        ExtraColumn::Text(values) => Arc::new(StringArray::from_iter(values.iter().map(Option::as_deref))),
        ExtraColumn::Integer(values) => Arc::new(Int64Array::from_iter(values.iter().copied())),
        ExtraColumn::Decimal(values) => {
            let millionths = values.iter().map(|value| value.map(|value| i128::from(value.millionths())));
            let array = Decimal128Array::from_iter(millionths);
            Arc::new(array.with_data_type(DataType::Decimal128(FIXED.0, FIXED.1)))
        }
        ExtraColumn::Time(values) => {
            let moments = TimestampMillisecondArray::from_iter(values.iter().map(|value| value.map(|value| value.0)));
            Arc::new(moments.with_timezone(schema::ZONE))
        }
    })
}
