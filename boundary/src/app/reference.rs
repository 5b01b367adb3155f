//! The picture, made by the CPU: only tests use it, to know what the GPU has to
//! give.

use super::picture::{ONE, View};

/// How many steps a round takes each cell further. The shader has it too.
pub const STEPS: u32 = 16;

/// The product of two numbers of which neither is above 2 or below -2.
pub fn mul(a: i32, b: i32) -> i32 {
    let size = u64::from(a.unsigned_abs()) * u64::from(b.unsigned_abs());
    let size = (size >> 27) as i32;
    if (a < 0) == (b < 0) { size } else { -size }
}

/// One cell of the picture. It starts at 0 and takes steps until it is
/// further than 2 from there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    pub x: i32,
    pub y: i32,
    pub steps: u32,
    pub outside: bool,
}

impl Cell {
    /// Takes a step for the point `(cx, cy)`, unless the cell is outside.
    pub fn step(&mut self, cx: i32, cy: i32) {
        let far = |n: i32| n.abs() > 2 * ONE;
        if self.outside || far(self.x) || far(self.y) {
            self.outside = true;
            return;
        }
        let (xx, yy) = (mul(self.x, self.x), mul(self.y, self.y));
        if xx + yy > 4 * ONE {
            self.outside = true;
            return;
        }
        self.y = 2 * mul(self.x, self.y) + cy;
        self.x = xx - yy + cx;
        self.steps += 1;
    }
}

impl View {
    /// What the shader has to find after `rounds` rounds.
    pub fn cells(&self, size: (u32, u32), rounds: u32) -> Vec<Cell> {
        let cell = |column, row| {
            let (cx, cy) = self.point(size, (column, row));
            let mut cell = Cell::default();
            let mut left = rounds * STEPS;
            while left > 0 && !cell.outside {
                cell.step(cx, cy);
                left -= 1;
            }
            cell
        };
        let (width, height) = size;
        (0..height)
            .flat_map(|row| (0..width).map(move |column| cell(column, row)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_in_fixed_point_is_rounded_toward_zero() {
        assert_eq!(mul(2 * ONE, -2 * ONE), -4 * ONE);
        assert_eq!(mul(ONE / 2, ONE / 2), ONE / 4);
        assert_eq!(mul(ONE + 1, ONE + 1), ONE + 2);
        assert_eq!(mul(3, 3), 0);
        assert_eq!(mul(3, -3), 0);
    }

    #[test]
    fn the_center_of_the_set_stays_and_a_far_point_leaves() {
        let mut inside = Cell::default();
        let mut outside = Cell::default();
        for _ in 0..100 {
            inside.step(0, 0);
            outside.step(ONE, ONE);
        }
        assert!(!inside.outside && inside.steps == 100);
        assert!(outside.outside && outside.steps == 2, "{outside:?}");
    }

    #[test]
    fn no_view_overflows() {
        for size in [(1, 1), (16384, 1), (1, 16384), (480, 320)] {
            let mut view = View::HOME;
            for _ in 0..40 {
                view.cells((3, 2), 1);
                let corner = (size.0 - 1, size.1 - 1);
                view.point(size, corner);
                view = view.closer(size, corner);
            }
        }
    }
}
