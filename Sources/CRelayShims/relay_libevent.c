#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "relay_libevent.h"

#include <event2/event.h>
#include <pthread.h>
#include <sys/eventfd.h>

// HTTPIngress leans on how evhttp 2.1.12 behaves where its headers are silent (see IngressServer.swift). Another
// version needs those places read again and HTTPIngressTests run before this line is changed.
_Static_assert(LIBEVENT_VERSION_NUMBER >= 0x02010c00 && LIBEVENT_VERSION_NUMBER < 0x02020000,
               "pinrelay is written against libevent 2.1.12");

int relay_wakeup_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void relay_name_this_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
