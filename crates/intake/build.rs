//! Tells cargo that the embedded catalogs are part of the crate: without this a changed mapping, sample or
//! code would not be seen until some `.rs` changes.

fn main() {
    println!("cargo:rerun-if-changed=catalog");
    println!("cargo:rerun-if-changed=protocol");
}
