//! Mermaid becomes SVG, a table of ratios a chart, code becomes colored.

pub mod chart;
pub mod code;
pub mod diagram;
mod font;
pub mod kept;
pub mod palette;
mod redraw;

#[cfg(test)]
mod tests;
