//! What the picture shows: a part of the plane, in integers, so that every GPU
//! gives the same pixels.

/// 1 in fixed point: an `i32` with 27 bits after the point.
pub const ONE: i32 = 1 << 27;

/// The part of the plane that is shown: its center, and the length of its
/// longer side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    pub x: i32,
    pub y: i32,
    pub side: i32,
}

impl View {
    /// The whole set.
    pub const HOME: View =
        View { x: -ONE / 4 * 3, y: 0, side: 3 * ONE + ONE / 2 };

    /// The distance of two cells that are neighbors.
    pub fn step(&self, (width, height): (u32, u32)) -> i32 {
        let cells = width.max(height).clamp(1, 1 << 15) as i32;
        (self.side / cells).max(1)
    }

    /// The point that the cell in this column and this row stands for.
    pub fn point(&self, size: (u32, u32), cell: (u32, u32)) -> (i32, i32) {
        let step = self.step(size);
        let from_center = |at, all: u32| at as i32 - (all / 2) as i32;
        let x = self.x + from_center(cell.0, size.0) * step;
        let y = self.y + from_center(cell.1, size.1) * step;
        (x, y)
    }

    /// A quarter of this view, around the point of the cell `at`, or of the
    /// nearest one.
    pub fn closer(&self, size: (u32, u32), at: (u32, u32)) -> View {
        // While a button is held, the pointer may be far outside.
        let at = (at.0.min(size.0), at.1.min(size.1));
        let (x, y) = self.point(size, at);
        let bound = |n: i32| n.clamp(-3 * ONE, 3 * ONE);
        View { x: bound(x), y: bound(y), side: (self.side / 4).max(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_far_outside_of_the_window_goes_to_its_edge() {
        let size = (100, 80);
        let edge = View::HOME.closer(size, (100, 80));
        for far in [1_000, 60_000, u32::MAX] {
            assert_eq!(View::HOME.closer(size, (far, far)), edge);
        }
    }
}
