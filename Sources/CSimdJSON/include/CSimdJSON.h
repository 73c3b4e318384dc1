// simdjson's DOM parser behind a C face. simdjson is C++ and its tape has no stable C API, so the shim parses and hands
// out the two flat buffers of the finished document; Swift copies what it wants before the next call.
#ifndef PINRELAY_CSIMDJSON_H
#define PINRELAY_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct relay_json_parser relay_json_parser;

typedef enum {
    RELAY_JSON_OK = 0,
    RELAY_JSON_MALFORMED,
    // A number that fits neither 64 bits nor a double, a broken escape, or bytes that are not UTF-8: the document may
    // be sound otherwise.
    RELAY_JSON_MALFORMED_VALUE,
    RELAY_JSON_TOO_DEEP,
    RELAY_JSON_EMPTY,
    RELAY_JSON_TOO_LARGE,
    RELAY_JSON_NO_MEMORY
} relay_json_status;

// A finished document. The buffers belong to the parser and are valid until its next call; on a fault they are NULL.
typedef struct {
    relay_json_status status;
    const uint64_t *words;
    size_t word_count;
    const uint8_t *texts;
    size_t text_count;
} relay_json_tape;

// A parser for documents of at most `max_bytes` bytes and `max_depth` nested containers, not counting an empty one.
// NULL without memory. One thread at a time may use it.
relay_json_parser *relay_json_create(size_t max_bytes, size_t max_depth);

void relay_json_destroy(relay_json_parser *parser);

// Parses a copy of the bytes, so they need no padding. Never throws.
relay_json_tape relay_json_parse(relay_json_parser *parser, const uint8_t *bytes, size_t count);

#ifdef __cplusplus
}
#endif

#endif
