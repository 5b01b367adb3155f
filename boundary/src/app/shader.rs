//! The two programs that run on the GPU: one refines the picture, the other
//! shows it.

// ANCHOR: refine
/// Takes each cell of a picture `STEPS` further, in integers.
pub const REFINE: &str = "
const STEPS = 16u;
const ONE = 1i << 27u;

struct View { x: i32, y: i32, step: i32, width: u32, height: u32 }
struct Cell { x: i32, y: i32, steps: u32, outside: u32 }

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read_write> cells: array<Cell>;
@group(0) @binding(2) var<storage, read_write> inside: atomic<u32>;

fn mul(a: i32, b: i32) -> i32 {
    let m = vec2u(u32(abs(a)), u32(abs(b)));
    let high = m >> vec2u(16u);
    let low = m & vec2u(0xffffu);
    let middle = high.x * low.y + low.x * high.y + ((low.x * low.y) >> 16u);
    let size = i32((high.x * high.y << 5u) + (middle >> 11u));
    return select(-size, size, (a < 0) == (b < 0));
}

@compute @workgroup_size(8, 8)
fn refine(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= view.width || id.y >= view.height { return; }
    let cx = view.x + (i32(id.x) - i32(view.width / 2u)) * view.step;
    let cy = view.y + (i32(id.y) - i32(view.height / 2u)) * view.step;
    let i = id.y * view.width + id.x;
    var cell = cells[i];
    for (var n = 0u; n < STEPS && cell.outside == 0u; n++) {
        let far = abs(cell.x) > 2 * ONE || abs(cell.y) > 2 * ONE;
        let xx = mul(cell.x, cell.x);
        let yy = mul(cell.y, cell.y);
        if far || xx + yy > 4 * ONE { cell.outside = 1u; continue; }
        cell.y = 2 * mul(cell.x, cell.y) + cy;
        cell.x = xx - yy + cx;
        cell.steps++;
    }
    cells[i] = cell;
    if cell.outside == 0u { atomicAdd(&inside, 1u); }
}
";
// ANCHOR_END: refine

/// Gives each pixel of the window its color.
pub const SHOW: &str = "
struct Screen { width: u32, height: u32, columns: u32, rows: u32,
                colors: u32, bar: u32 }
struct Cell { x: i32, y: i32, steps: u32, outside: u32 }

@group(0) @binding(0) var<uniform> screen: Screen;
@group(0) @binding(1) var<storage, read> cells: array<Cell>;
@group(0) @binding(2) var<storage, read> palette: array<u32>;

@vertex
fn corner(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
    let place = vec2f(f32(i & 1u), f32(i >> 1u)) * 4.0 - 1.0;
    return vec4f(place, 0, 1);
}

@fragment
fn fill(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let x = u32(at.x);
    let y = u32(at.y);
    if y + 4u >= screen.height && x < screen.bar { return vec4f(1); }
    if screen.columns == 0u {
        // The palette, as far as it has been loaded.
        let n = x * arrayLength(&palette) / screen.width;
        if n >= screen.colors { return vec4f(0, 0, 0, 1); }
        return unpack4x8unorm(palette[n]);
    }
    let column = x * screen.columns / screen.width;
    let row = y * screen.rows / screen.height;
    let cell = cells[row * screen.columns + column];
    if cell.outside == 0u { return vec4f(0, 0, 0, 1); }
    return unpack4x8unorm(palette[cell.steps % arrayLength(&palette)]);
}
";

#[cfg(test)]
mod tests {
    use wgpu::naga::front::wgsl;

    use super::*;
    use crate::app::picture::ONE;
    use crate::app::reference::STEPS;

    #[test]
    fn both_are_wgsl_and_take_the_steps_of_the_reference() {
        assert_eq!(wgsl::parse_str(REFINE).unwrap().entry_points.len(), 1);
        assert_eq!(wgsl::parse_str(SHOW).unwrap().entry_points.len(), 2);
        assert!(REFINE.contains(&format!("const STEPS = {STEPS}u;")));
        assert_eq!(ONE, 1 << 27);
    }
}
