//! Mermaid becomes SVG, code becomes colored.

pub mod code;
pub mod diagram;
mod font;
pub mod kept;
mod labels;
pub mod palette;
mod redraw;

#[cfg(test)]
mod tests;
