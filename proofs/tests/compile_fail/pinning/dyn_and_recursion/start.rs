use listings::pinning::dyn_and_recursion::plain::{Catalog, breakfast};

fn start<C: Catalog + Send + 'static>(catalog: C) {
    tokio::spawn(breakfast(catalog));
}

fn main() {}
