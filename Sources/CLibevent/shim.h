// libevent's configuration header defines _GNU_SOURCE, which changes the shape of glibc's fd_set; Swift's own Glibc
// module is compiled without it. glibc reads the macro once, in features.h: every C target of this program includes
// that first, so that fd_set has one shape in all modules.
#include <features.h>
#include <event2/event.h>
#include <event2/thread.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/util.h>
