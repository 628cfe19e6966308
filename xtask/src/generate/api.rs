//! The API model as the generator reads it: operations and shapes, facts only.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use serde_json::Value;

/// The whole model.
pub(super) struct Api {
    pub(super) operations: Vec<Operation>,
    pub(super) shapes: BTreeMap<String, Shape>,
}

/// One operation.
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) input: String,
    pub(super) output: Option<String>,
    pub(super) errors: Vec<String>,
    pub(super) signed: bool,
}

/// One shape: what it is, and whether its values are sensitive.
pub(super) struct Shape {
    pub(super) kind: Kind,
    pub(super) sensitive: bool,
}

pub(super) enum Kind {
    /// Members in the model's order.
    Structure(Vec<Member>),
    Exception {
        fault: bool,
        reason_code: bool,
    },
    Document,
    List {
        member: String,
        bounds: Bounds,
    },
    Map {
        key: String,
        value: String,
        bounds: Bounds,
    },
    Text {
        bounds: Bounds,
        pattern: Option<String>,
    },
    Enumeration(Vec<String>),
    Integer(Bounds),
    Long(Bounds),
    Boolean,
    Timestamp,
    Blob(Bounds),
}

pub(super) struct Member {
    pub(super) name: String,
    pub(super) shape: String,
    pub(super) required: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Bounds {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
}

impl Api {
    /// Reads botocore's `service-2.json`. Members that carry documentation are never looked at.
    pub(super) fn parse(json: &Value) -> anyhow::Result<Api> {
        let operations = object(json, "operations")?
            .iter()
            .map(|(name, operation)| Operation::parse(name, operation).with_context(|| name.clone()))
            .collect::<anyhow::Result<_>>()?;
        let shapes = object(json, "shapes")?
            .iter()
            .map(|(name, shape)| Ok((name.clone(), Shape::parse(shape).with_context(|| name.clone())?)))
            .collect::<anyhow::Result<_>>()?;
        Ok(Api { operations, shapes })
    }

    pub(super) fn shape(&self, name: &str) -> anyhow::Result<&Shape> {
        self.shapes.get(name).with_context(|| format!("no shape {name}"))
    }

    /// `root` and every shape that can be reached from it.
    pub(super) fn reachable(&self, root: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut open = vec![root.to_owned()];
        while let Some(name) = open.pop() {
            if let Some(shape) = self.shapes.get(&name)
                && seen.insert(name)
            {
                open.extend(shape.names().into_iter().map(str::to_owned));
            }
        }
        seen
    }

    /// Every shape that a request can contain: the ones with constraint tables.
    pub(super) fn inputs(&self) -> BTreeSet<String> {
        self.operations
            .iter()
            .flat_map(|operation| self.reachable(&operation.input))
            .collect()
    }
}

impl Operation {
    fn parse(name: &str, json: &Value) -> anyhow::Result<Operation> {
        let errors = json["errors"].as_array().context("errors")?;
        Ok(Operation {
            name: name.to_owned(),
            input: text(&json["input"], "shape")?,
            output: json["output"]["shape"].as_str().map(str::to_owned),
            errors: errors
                .iter()
                .map(|error| text(error, "shape"))
                .collect::<anyhow::Result<_>>()?,
            signed: json["authtype"].as_str() != Some("none"),
        })
    }
}

impl Shape {
    fn parse(json: &Value) -> anyhow::Result<Shape> {
        let bounds = Bounds {
            min: json["min"].as_i64(),
            max: json["max"].as_i64(),
        };
        let kind = match text(json, "type")?.as_str() {
            "structure" if json["document"] == true => Kind::Document,
            "structure" if json["exception"] == true => Kind::Exception {
                fault: json["fault"] == true,
                reason_code: json["members"].get("reasonCode").is_some(),
            },
            "structure" => Kind::Structure(members(json)?),
            "list" => Kind::List {
                member: text(&json["member"], "shape")?,
                bounds,
            },
            "map" => Kind::Map {
                key: text(&json["key"], "shape")?,
                value: text(&json["value"], "shape")?,
                bounds,
            },
            "string" if json.get("enum").is_some() => Kind::Enumeration(texts(&json["enum"])?),
            "string" => Kind::Text {
                bounds,
                pattern: json["pattern"].as_str().map(str::to_owned),
            },
            "integer" => Kind::Integer(bounds),
            "long" => Kind::Long(bounds),
            "boolean" => Kind::Boolean,
            "timestamp" => Kind::Timestamp,
            "blob" => Kind::Blob(bounds),
            other => bail!("a type that the generator does not know: {other}"),
        };
        Ok(Shape {
            kind,
            sensitive: json["sensitive"] == true,
        })
    }

    /// The shapes that this one names.
    fn names(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Structure(members) => members.iter().map(|member| member.shape.as_str()).collect(),
            Kind::List { member, .. } => vec![member],
            Kind::Map { key, value, .. } => vec![key, value],
            _ => Vec::new(),
        }
    }
}

fn members(json: &Value) -> anyhow::Result<Vec<Member>> {
    let required = match json.get("required") {
        Some(names) => texts(names)?,
        None => Vec::new(),
    };
    object(json, "members")?
        .iter()
        .map(|(name, member)| {
            let shape = text(member, "shape")?;
            Ok(Member {
                name: name.clone(),
                shape,
                required: required.contains(name),
            })
        })
        .collect()
}

fn object<'a>(json: &'a Value, name: &str) -> anyhow::Result<&'a serde_json::Map<String, Value>> {
    json[name]
        .as_object()
        .with_context(|| format!("{name} is not an object"))
}

fn text(json: &Value, name: &str) -> anyhow::Result<String> {
    Ok(json[name]
        .as_str()
        .with_context(|| format!("{name} is not a string"))?
        .to_owned())
}

fn texts(json: &Value) -> anyhow::Result<Vec<String>> {
    let list = json.as_array().context("not a list")?;
    list.iter()
        .map(|item| Ok(item.as_str().context("not a string")?.to_owned()))
        .collect()
}
