//! Rebuilds the crate when a catalog file changes: the catalog is embedded.

fn main() {
    println!("cargo:rerun-if-changed=catalog");
}
