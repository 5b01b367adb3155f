//! `bindgen FOLDER PROGRAM.wasm…`: writes the JavaScript module and the code of
//! each program into the folder.

use std::env;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = env::args_os().skip(1);
    let folder = arguments.next().context("no folder is given")?;
    for program in arguments {
        Bindgen::new()
            .input_path(&program)
            .web(true)?
            .typescript(false)
            .omit_default_module_path(false)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(&folder)
            .with_context(|| format!("{}", program.display()))?;
    }
    Ok(())
}
