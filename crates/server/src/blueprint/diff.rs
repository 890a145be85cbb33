//! What applying changes, in lines that people read.
use serde_json::Value;
use std::fmt;

#[derive(Debug, Default)]
pub struct Diff {
    lines: Vec<String>,
    changes: usize,
    same: usize,
}

impl Diff {
    pub fn is_empty(&self) -> bool {
        self.changes == 0
    }
    pub fn len(&self) -> usize {
        self.changes
    }
    pub fn created(&mut self, entry: &str) {
        self.changes += 1;
        self.lines.push(format!("+ {entry}"));
    }
    pub fn unchanged(&mut self) {
        self.same += 1;
    }
    /// `personal`: say which fields changed, not from what to what.
    pub fn changed(&mut self, entry: &str, before: &Value, after: &Value, personal: bool) {
        self.changes += 1;
        self.lines.push(format!("~ {entry}"));
        let mut fields = Vec::new();
        compare("", before, after, &mut fields);
        for (path, old, new) in fields {
            self.lines.push(if personal { format!("    {path}") } else { format!("    {path}: {old} -> {new}") });
        }
    }
}

fn compare(path: &str, before: &Value, after: &Value, out: &mut Vec<(String, String, String)>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                compare(&path, a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), out);
            }
        }
        _ => out.push((path.to_owned(), before.to_string(), after.to_string())),
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "{} to change, {} as they should be", self.changes, self.same)
    }
}
