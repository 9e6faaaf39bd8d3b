//! stub
use crate::{PlanStatusTable, ReportError};
use domain::Lang;
pub fn plan_status_xlsx(_year: &PlanStatusTable, _lang: Lang) -> Result<Vec<u8>, ReportError> { Err(ReportError::Workbook(String::new())) }
