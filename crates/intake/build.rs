//! Tells cargo that the embedded catalog is part of the crate: without this a changed mapping or sample
//! would not be seen until some `.rs` changes.

fn main() {
    println!("cargo:rerun-if-changed=catalog");
}
