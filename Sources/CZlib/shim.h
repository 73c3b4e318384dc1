// See CLibevent/shim.h: one shape of fd_set in all modules.
#include <features.h>
#include <zlib.h>
