//! The two programs that run on the GPU: one refines the picture, the other
//! shows it.

// ANCHOR: refine
/// Takes each cell of a picture `STEPS` further, in integers.
pub const REFINE: &str = "
const STEPS = 16u;
const ONE = 1i << 27u;

struct View { center: vec2i, size: vec2u, step: i32 }
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
    if any(id.xy >= view.size) { return; }
    let c = view.center + (vec2i(id.xy) - vec2i(view.size / 2u)) * view.step;
    let i = id.y * view.size.x + id.x;
    var cell = cells[i];
    for (var n = 0u; n < STEPS && cell.outside == 0u; n++) {
        let far = abs(cell.x) > 2 * ONE || abs(cell.y) > 2 * ONE;
        let xx = mul(cell.x, cell.x);
        let yy = mul(cell.y, cell.y);
        if far || xx + yy > 4 * ONE { cell.outside = 1u; continue; }
        cell.y = 2 * mul(cell.x, cell.y) + c.y;
        cell.x = xx - yy + c.x;
        cell.steps++;
    }
    cells[i] = cell;
    if cell.outside == 0u { atomicAdd(&inside, 1u); }
}
";
// ANCHOR_END: refine

/// Gives each pixel of the window its color.
pub const SHOW: &str = "
struct Screen { size: vec2u, cells: vec2u, bar: u32 }
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
fn fill(@builtin(position) position: vec4f) -> @location(0) vec4f {
    let at = vec2u(position.xy);
    if at.y + 4u >= screen.size.y && at.x < screen.bar { return vec4f(1); }
    // Without a picture the palette, which is black where it is not loaded.
    var color = at.x * arrayLength(&palette) / screen.size.x;
    if screen.cells.x > 0u {
        let place = at * screen.cells / screen.size;
        let cell = cells[place.y * screen.cells.x + place.x];
        if cell.outside == 0u { return vec4f(0, 0, 0, 1); }
        color = cell.steps % arrayLength(&palette);
    }
    return vec4f(unpack4x8unorm(palette[color]).rgb, 1);
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
