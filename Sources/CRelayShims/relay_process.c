#include "relay_process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

int relay_forbid_core_dumps(void) {
    struct rlimit none = {0, 0};
    // The limit alone does not stop a core that the kernel pipes to a program; the flag does.
    if (setrlimit(RLIMIT_CORE, &none) != 0) return -1;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
