// Makes the wait for a contended Mutex visible to ThreadSanitizer; linked into sanitized test builds alone.
//
// The standard library hands a contended Mutex over in the kernel (FUTEX_LOCK_PI), which the sanitizer does not see: it
// would report as a race whatever a Mutex guards. Here the wait is a loop over the same word, with the library's own
// rule: 0 is unlocked, else the owner's thread id. Unlocking stays the library's; both kinds of waiting may meet.
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

__attribute__((swiftcall)) void relay_wait_for_mutex(
    uint32_t thread, __attribute__((swift_context)) _Atomic(uint32_t) *word)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");

__attribute__((swiftcall)) void relay_wait_for_mutex(
    uint32_t thread, __attribute__((swift_context)) _Atomic(uint32_t) *word) {
    uint32_t unlocked = 0;
    while (!atomic_compare_exchange_weak_explicit(
        word, &unlocked, thread, memory_order_acquire, memory_order_relaxed)) {
        unlocked = 0;
        sched_yield();
    }
}
