#ifndef RELAY_LIBEVENT_H
#define RELAY_LIBEVENT_H

// See CLibevent/shim.h: one shape of fd_set in all modules.
#include <features.h>

// eventfd is not part of Swift's Glibc module. Non-blocking, closed on exec; -1 with errno on failure.
int relay_wakeup_open(void);

// A GNU extension, hidden from Swift's view of pthread.h. The kernel keeps 15 bytes of the name.
void relay_name_this_thread(const char *name);

#endif
