//! Exercise to pinning/self-reference.html: predict which moves break a value
//! that holds its own address.

// ANCHOR: stub
/// A value that notes where its text is, as a future does with a reference.
#[derive(Clone, Copy)]
struct Noted {
    text: [u8; 5],
    place: usize,
}

impl Noted {
    fn start(&mut self) {
        self.place = (&raw const self.text).addr();
    }

    fn is_right(&self) -> bool {
        self.place == (&raw const self.text).addr()
    }
}

/// Read the program without running it.
pub fn program() -> [bool; 5] {
    let new = Noted { text: *b"hello", place: 0 };

    let mut moved_first = Box::new(new);
    moved_first.start();
    let one = moved_first.is_right();

    let mut started_first = new;
    started_first.start();
    let moved = Box::new(started_first);
    let two = moved.is_right();

    let mut boxed = Box::new(new);
    boxed.start();
    let mut list = Vec::with_capacity(1);
    list.push(boxed);
    list.reserve(100);
    let three = list[0].is_right();

    let mut list = Vec::with_capacity(1);
    list.push(new);
    list[0].start();
    let mut longer = Vec::with_capacity(100);
    longer.append(&mut list);
    let four = longer[0].is_right();

    let (mut a, mut b) = (new, new);
    a.start();
    b.start();
    std::mem::swap(&mut a, &mut b);
    let five = a.is_right() || b.is_right();
    [one, two, three, four, five]
}

/// What does it return? Put `Some(true)` or `Some(false)` in each place.
pub const PREDICTED: [Option<bool>; 5] = [None, None, None, None, None];
// ANCHOR_END: stub
