//! Proof that the engine needs no standard library.
//!
//! A program may have one panic handler. This one brings its own: were `std` pulled in by the engine or by
//! anything that it depends on, there would be two and the build would stop. On the host, where a program
//! without `std` takes more than this, nothing is compiled; `cargo xtask test no-std` builds it for wasm32.
#![cfg_attr(target_arch = "wasm32", no_std)]
#![cfg(target_arch = "wasm32")]

use core::panic::PanicInfo;

use dlmalloc::GlobalDlmalloc;
use keytrace as _;

#[global_allocator]
static ALLOCATOR: GlobalDlmalloc = GlobalDlmalloc;

#[panic_handler]
fn halt(_: &PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
