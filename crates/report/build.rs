//! Has the crate built again when a file of the catalog changes: `include_dir` alone does not notice.

fn main() {
    println!("cargo::rerun-if-changed=catalog");
    println!("cargo::rerun-if-changed=build.rs");
}
