//! stub
use crate::{AirYear, ReportError};
use domain::Lang;
pub fn air_year_xlsx(_year: &AirYear, _lang: Lang) -> Result<Vec<u8>, ReportError> { Err(ReportError::Workbook(String::new())) }
