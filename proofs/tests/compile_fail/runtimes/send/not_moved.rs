use listings::runtimes::send::spawn::spawn;

fn main() {
    let db = vec!["eggs", "salt"];
    let rows = spawn(async { db.len() });
    println!("{:?}", rows.join());
}
