#ifndef RELAY_SHIMS_H
#define RELAY_SHIMS_H

// See CLibevent/shim.h: one shape of fd_set in all modules.
#include <features.h>

#include "relay_curl.h"
#include "relay_libevent.h"
#include "relay_process.h"
#include "relay_tls.h"

#endif
