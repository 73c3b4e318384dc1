#ifndef RELAY_TLS_H
#define RELAY_TLS_H

// See CLibevent/shim.h: one shape of fd_set in all modules.
#include <features.h>

#include <stddef.h>
#include <stdint.h>

// libssl's server side on a bufferevent. Most of its setters are macros, which Swift does not see, and its headers
// would make a second module of what CLibcrypto holds: libssl's types stay behind these functions.

struct bufferevent;
struct event_base;
struct ssl_ctx_st;

// TLS 1.2 and later, ciphers with forward secrecy and authentication, http/1.1 as the one protocol, no tickets. Reads
// two PEM files: the certificate with its chain, and its key without passphrase. NULL on failure, with OpenSSL's packed
// error number. Threads may share the result; relay_tls_accept holds it for as long as its connection lives.
struct ssl_ctx_st *relay_tls_open(const char *certificate, const char *key, unsigned long *error);
void relay_tls_close(struct ssl_ctx_st *context);

// A bufferevent that awaits a handshake on the descriptor that it will be given. It closes the descriptor when freed.
struct bufferevent *relay_tls_accept(struct event_base *base, struct ssl_ctx_st *context);

// All three take a bufferevent of relay_tls_accept only.
int relay_tls_is_established(struct bufferevent *bufferevent);
uint64_t relay_tls_received_byte_count(struct bufferevent *bufferevent);
// Sends what the socket takes at once, and the notice that nothing follows. Only while the output buffer is empty.
void relay_tls_send_last(struct bufferevent *bufferevent, const void *bytes, size_t count);

// Static text; NULL for an unknown number.
const char *relay_tls_reason(unsigned long error);

#endif
