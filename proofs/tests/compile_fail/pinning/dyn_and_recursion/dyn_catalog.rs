trait Catalog {
    async fn price(&self, item: &str) -> u32;
}

fn ask(_catalog: &dyn Catalog) {}

fn main() {}
