//! Moves two structs that have started, and looks where they lead now.

use std::mem;

use listings::pinning::self_reference::by_address::Waiting;

fn report(when: &str, a: &Waiting, b: &Waiting) {
    println!("{when}:");
    for (name, state) in [("a", a), ("b", b)] {
        let target = match (state.leads_into(a), state.leads_into(b)) {
            (true, _) => "a",
            (_, true) => "b",
            _ => "neither",
        };
        println!("  {name} holds {}, leads into {target}", state.text());
    }
}

fn main() {
    let mut a = Waiting::new(*b"hello");
    let mut b = Waiting::new(*b"world");
    mem::swap(&mut a, &mut b);
    a.start();
    b.start();
    report("swapped, then started", &a, &b);

    mem::swap(&mut a, &mut b);
    report("started, then swapped", &a, &b);

    let mut c = Waiting::new(*b"moved");
    c.start();
    println!("before the box, c leads into c: {}", c.leads_into(&c));
    let c = Box::new(c);
    println!("in the box, c leads into c: {}", c.leads_into(&c));
}
