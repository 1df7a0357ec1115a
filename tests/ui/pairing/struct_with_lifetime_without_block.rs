use memo_runtime::memoize;

#[memoize]
#[derive(Debug, Clone)]
struct Shape<'a> { //~ ERROR the struct `Shape<'static>` has no block with an instance-scoped method
    name: &'a str,
}

fn main() {
    println!("{:?}", Shape { name: "a", memo: Default::default() }.clone().name);
}
