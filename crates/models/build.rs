//! Tells cargo that the catalog is part of the source: a changed table rebuilds the crate that embeds it.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=catalog");
}
