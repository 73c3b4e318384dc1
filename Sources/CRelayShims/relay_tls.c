#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "relay_tls.h"

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

static const unsigned char protocols[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// A client that names protocols must know this one; one that names none speaks it anyway.
static int select_protocol(SSL *ssl, const unsigned char **chosen, unsigned char *length, const unsigned char *offered,
                           unsigned int offered_length, void *argument) {
    (void)ssl;
    (void)argument;
    int found = SSL_select_next_proto((unsigned char **)chosen, length, protocols, sizeof protocols, offered,
                                      offered_length);
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// OpenSSL would ask on the terminal.
static int refuse_passphrase(char *buffer, int size, int writing, void *argument) {
    (void)buffer;
    (void)size;
    (void)writing;
    (void)argument;
    return 0;
}

struct ssl_ctx_st *relay_tls_open(const char *certificate, const char *key, unsigned long *error) {
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL) goto failed;
    SSL_CTX_set_default_passwd_cb(context, refuse_passphrase);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_PRIORITIZE_CHACHA | SSL_OP_NO_TICKET);
    // Thousands of idle connections keep no record buffers.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    // Nothing is resumed: a ticket's key would live as long as the process.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context, select_protocol, NULL);
    if (SSL_CTX_set_num_tickets(context, 0) == 1 && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
        SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
        SSL_CTX_use_certificate_chain_file(context, certificate) == 1 &&
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1 && SSL_CTX_check_private_key(context) == 1)
        return context;
failed:
    *error = ERR_peek_error();
    ERR_clear_error();
    SSL_CTX_free(context);
    return NULL;
}

void relay_tls_close(struct ssl_ctx_st *context) { SSL_CTX_free(context); }

struct bufferevent *relay_tls_accept(struct event_base *base, struct ssl_ctx_st *context) {
    SSL *ssl = SSL_new(context);
    if (ssl == NULL) return NULL;
    // On failure libevent frees the SSL by this option as well.
    return bufferevent_openssl_socket_new(base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
}

int relay_tls_is_established(struct bufferevent *bufferevent) {
    return SSL_is_init_finished(bufferevent_openssl_get_ssl(bufferevent));
}

uint64_t relay_tls_received_byte_count(struct bufferevent *bufferevent) {
    BIO *bio = SSL_get_rbio(bufferevent_openssl_get_ssl(bufferevent));
    return bio == NULL ? 0 : BIO_number_read(bio);
}

void relay_tls_send_last(struct bufferevent *bufferevent, const void *bytes, size_t count) {
    SSL *ssl = bufferevent_openssl_get_ssl(bufferevent);
    size_t written = 0;
    ERR_clear_error();
    if (SSL_is_init_finished(ssl) && SSL_write_ex(ssl, bytes, count, &written) == 1) SSL_shutdown(ssl);
    ERR_clear_error();
}

const char *relay_tls_reason(unsigned long error) {
    // OpenSSL has no words for what the system says.
    return ERR_SYSTEM_ERROR(error) ? strerrordesc_np(ERR_GET_REASON(error)) : ERR_reason_error_string(error);
}
