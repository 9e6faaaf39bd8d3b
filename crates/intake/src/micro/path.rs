//! `sensors.0.pm25` → a value within JSON.

use serde_json::Value;

/// The value at a path: names of objects and numbers of lists, with dots between. An empty path is the
/// whole.
pub(super) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if path.is_empty() {
        return Some(value);
    }
    path.split('.').try_fold(value, |value, step| match value {
        Value::Object(object) => object.get(step),
        Value::Array(list) => list.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// A text or a number as text.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn goes_through_objects_and_lists() {
        let value = json!({"a": [{"b": 1}, 2]});
        assert_eq!(at(&value, "a.0.b"), Some(&json!(1)));
        assert_eq!(at(&value, "a.1"), Some(&json!(2)));
        assert_eq!(at(&value, "a.b"), None);
        assert_eq!(at(&value, ""), Some(&value));
    }
}
