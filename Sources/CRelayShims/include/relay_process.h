#ifndef RELAY_PROCESS_H
#define RELAY_PROCESS_H

// See CLibevent/shim.h: one shape of fd_set in all modules.
#include <features.h>

// prctl is variadic, and variadic functions are invisible to Swift. After this the process leaves no core, neither as a
// file nor to a program of the system's, and other processes of its user cannot read its memory. 0, or -1 with errno.
int relay_forbid_core_dumps(void);

#endif
