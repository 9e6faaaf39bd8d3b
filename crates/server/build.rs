//! Rebuilds the crate when the web front end or the demo data change, since both are built into the binary.
//!
//! It does not build the web: without `web/dist` the server answers with a page that says how to.

fn main() {
    println!("cargo:rerun-if-changed=../../web/dist");
    println!("cargo:rerun-if-changed=../../data/demo");
}
