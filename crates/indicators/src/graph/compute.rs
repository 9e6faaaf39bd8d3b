//! Nodes in memory, computed when they are asked for and again only when something they looked at changed.

use crate::definition::{Definitions, Method};
use crate::graph::change::Changed;
use crate::graph::node::{Leaf, Node, NodeKey, NodeValue, Use};
use crate::graph::reader::Reader;
use crate::graph::world::World;
use domain::Text;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The computed nodes of a world.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: BTreeMap<NodeKey, Node>,
    users: HashMap<Use, BTreeSet<NodeKey>>,
}

/// One computation: the world and what is already known.
#[derive(Debug)]
pub(super) struct Run<'a> {
    pub world: &'a World,
    pub definitions: &'a Definitions,
    known: &'a BTreeMap<NodeKey, Node>,
    made: RefCell<BTreeMap<NodeKey, Node>>,
    under_way: RefCell<Vec<NodeKey>>,
}

impl Graph {
    /// The value of a node, computed if it is not known yet.
    pub fn value(&mut self, key: &NodeKey, world: &World, definitions: &Definitions) -> Arc<NodeValue> {
        if let Some(node) = self.nodes.get(key) {
            return Arc::clone(&node.value);
        }
        let run =
            Run { world, definitions, known: &self.nodes, made: RefCell::default(), under_way: RefCell::default() };
        let value = run.value(key);
        let made = run.made.into_inner();
        self.keep(made);
        value
    }

    /// A node that was computed.
    pub fn node(&self, key: &NodeKey) -> Option<&Node> {
        self.nodes.get(key)
    }

    /// Every computed node.
    pub fn nodes(&self) -> impl Iterator<Item = (&NodeKey, &Node)> {
        self.nodes.iter()
    }

    /// Recomputes what depends on the leaves, and nothing else: the nodes whose value became another.
    ///
    /// `world` is the one after the change.
    pub fn changed(&mut self, leaves: &[Leaf], world: &World, definitions: &Definitions) -> Vec<Changed> {
        let stale = self.dependents(leaves);
        let before: Vec<(NodeKey, Node)> =
            stale.iter().filter_map(|key| Some((key.clone(), self.forget(key)?))).collect();
        let mut changes = Vec::new();
        for (key, old) in before {
            let value = self.value(&key, world, definitions);
            if *value != *old.value {
                changes.push(Changed { key, before: Some(old.value), after: Some(value) });
            }
        }
        changes
    }

    /// The nodes that depend on the leaves, directly or through others.
    pub fn dependents(&self, leaves: &[Leaf]) -> BTreeSet<NodeKey> {
        let mut found = BTreeSet::new();
        let mut open: Vec<Use> = leaves.iter().cloned().map(Use::Leaf).collect();
        while let Some(used) = open.pop() {
            for key in self.users.get(&used).into_iter().flatten() {
                if found.insert(key.clone()) {
                    open.push(Use::Node(key.clone()));
                }
            }
        }
        found
    }

    fn keep(&mut self, made: BTreeMap<NodeKey, Node>) {
        for (key, node) in made {
            for used in &node.uses {
                self.users.entry(used.clone()).or_default().insert(key.clone());
            }
            self.nodes.insert(key, node);
        }
    }

    fn forget(&mut self, key: &NodeKey) -> Option<Node> {
        let node = self.nodes.remove(key)?;
        for used in &node.uses {
            if let Some(users) = self.users.get_mut(used) {
                users.remove(key);
            }
        }
        Some(node)
    }
}

impl Run<'_> {
    /// The value of a node. One that needs itself has no value and says so.
    pub(super) fn value(&self, key: &NodeKey) -> Arc<NodeValue> {
        if let Some(node) = self.known.get(key) {
            return Arc::clone(&node.value);
        }
        if let Some(node) = self.made.borrow().get(key) {
            return Arc::clone(&node.value);
        }
        if self.under_way.borrow().contains(key) {
            let id = &key.indicator;
            return Arc::new(NodeValue::absent(Text::new(
                format!("指标“{id}”的定义绕回自身，无法计算；请改目录"),
                format!("the definition of `{id}` leads back to itself and cannot be computed: correct the catalog"),
            )));
        }
        self.under_way.borrow_mut().push(key.clone());
        let reader = Reader::new(self, key);
        let value = Arc::new(self.compute(&reader, key));
        let uses = reader.into_uses();
        self.under_way.borrow_mut().pop();
        self.made.borrow_mut().insert(key.clone(), Node { value: Arc::clone(&value), uses });
        value
    }

    fn compute(&self, reader: &Reader<'_>, key: &NodeKey) -> NodeValue {
        let Some(definition) = self.definitions.get(&key.indicator) else {
            let id = &key.indicator;
            return NodeValue::absent(Text::new(
                format!("目录中没有指标“{id}”"),
                format!("the catalog has no indicator `{id}`"),
            ));
        };
        match &definition.method {
            Method::Graph(method) => {
                let mut value = method.compute(definition, reader);
                value.confidence = value.confidence.and(definition.confidence);
                value
            }
            _ => reader.given().cloned().unwrap_or_else(|| {
                NodeValue::absent(Text::new("这一年没有可评价的监测数据", "no monitoring data of this year to judge"))
            }),
        }
    }
}
