//! Which type does a path in the block name?

use syn::{Block, Item, Path, Stmt, UseTree};

/// The names under which a block's type is known in its methods.
#[derive(Default)]
pub(super) struct TypeNames {
    /// The segments of the type's path, as the block says it.
    path: Vec<String>,
    /// Whether an item of the function at hand has the type's name.
    is_shadowed: bool,
}

impl TypeNames {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: segments(path), is_shadowed: false }
    }

    /// Whether `name` alone is the type.
    pub(super) fn is_name(&self, name: &str) -> bool {
        name == "Self" || !self.is_shadowed && self.is_last(name)
    }

    /// Whether a path is the type: its name alone, the path that the block says, or one from the root of the crate that
    /// ends with its name. `dto::Circle` is another type than `Circle`, and `Shape::Circle` is a variant.
    pub(super) fn is_type(&self, path: &Path) -> bool {
        path.leading_colon.is_none() && self.is_path(&segments(path))
    }

    fn is_path(&self, path: &[String]) -> bool {
        match path {
            [name] => self.is_name(name),
            [first, rest @ ..] if first == "self" => rest == self.path,
            [first, modules @ .., name] => {
                let is_from_root = |first: &str| first == "crate" || first == "$crate";
                let is_module = |name: &String| !name.starts_with(char::is_uppercase);
                path == self.path
                    || is_from_root(first)
                        && self.path.first().is_some_and(|own| !is_from_root(own))
                        && modules.iter().all(is_module)
                        && self.is_last(name)
            }
            [] => false,
        }
    }

    fn is_last(&self, name: &str) -> bool {
        self.path.last().is_some_and(|own| own == name)
    }

    /// Enters a block of statements, and says what [`Self::leave`] needs.
    pub(super) fn enter(&mut self, block: &Block) -> bool {
        let declares = block.stmts.iter().any(|statement| match statement {
            Stmt::Item(item) => self.declares(item),
            _ => false,
        });
        let outer = self.is_shadowed;
        self.is_shadowed |= declares;
        outer
    }

    pub(super) fn leave(&mut self, outer: bool) {
        self.is_shadowed = outer;
    }

    /// Whether an item gives the type's name to something else.
    fn declares(&self, item: &Item) -> bool {
        let ident = match item {
            Item::Enum(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Union(item) => &item.ident,
            Item::Use(item) => return self.imports(&item.tree, &mut Vec::new()),
            _ => return false,
        };
        self.is_last(&ident.to_string())
    }

    fn imports(&self, tree: &UseTree, path: &mut Vec<String>) -> bool {
        match tree {
            UseTree::Path(inner) => {
                path.push(inner.ident.to_string());
                let found = self.imports(&inner.tree, path);
                path.pop();
                found
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                path.push(name);
                let found =
                    path.last().is_some_and(|name| self.is_last(name)) && !self.is_path(path);
                path.pop();
                found
            }
            UseTree::Rename(name) => self.is_last(&name.rename.to_string()),
            UseTree::Group(group) => group.items.iter().any(|tree| self.imports(tree, path)),
            UseTree::Glob(_) => false,
        }
    }
}

fn segments(path: &Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}
