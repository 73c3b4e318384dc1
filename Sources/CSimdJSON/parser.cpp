#include "CSimdJSON.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>

// Bodies are near 1 KB; a parser starts there and doubles, so that its buffers settle after a few calls.
static constexpr size_t first_capacity = 4096;

struct relay_json_parser {
    relay_json_parser(size_t max_bytes, size_t max_depth) : max_bytes(max_bytes), max_depth(max_depth) {}

    const size_t max_bytes;
    const size_t max_depth;
    size_t capacity = 0;
    simdjson::dom::parser dom;
    std::unique_ptr<uint8_t[]> padded;

    // Makes room for a document of `count` bytes in every buffer, simdjson's included.
    simdjson::error_code reserve(size_t count) noexcept;
    simdjson::error_code parse(const uint8_t *bytes, size_t count) noexcept;
};

simdjson::error_code relay_json_parser::reserve(size_t count) noexcept {
    if (count <= capacity) { return simdjson::SUCCESS; }
    size_t wanted = std::max(capacity, first_capacity);
    while (wanted < count) { wanted *= 2; }
    wanted = std::min(wanted, std::max(max_bytes, first_capacity));
    capacity = 0;
    padded.reset(new (std::nothrow) uint8_t[wanted + simdjson::SIMDJSON_PADDING]);
    if (!padded) { return simdjson::MEMALLOC; }
    // simdjson counts the document itself as a level.
    if (auto fault = dom.allocate(wanted, max_depth + 1)) { return fault; }
    if (auto fault = dom.doc.allocate(wanted)) { return fault; }
    capacity = wanted;
    return simdjson::SUCCESS;
}

simdjson::error_code relay_json_parser::parse(const uint8_t *bytes, size_t count) noexcept {
    if (count == 0) { return simdjson::EMPTY; }
    if (count > max_bytes) { return simdjson::CAPACITY; }
    if (auto fault = reserve(count)) { return fault; }
    std::memcpy(padded.get(), bytes, count);
    std::memset(padded.get() + count, ' ', simdjson::SIMDJSON_PADDING);
    return dom.parse(padded.get(), count, false).error();
}

static relay_json_status status_of(simdjson::error_code code) noexcept {
    switch (code) {
    case simdjson::SUCCESS: return RELAY_JSON_OK;
    case simdjson::DEPTH_ERROR: return RELAY_JSON_TOO_DEEP;
    case simdjson::EMPTY: return RELAY_JSON_EMPTY;
    case simdjson::CAPACITY: return RELAY_JSON_TOO_LARGE;
    case simdjson::MEMALLOC: return RELAY_JSON_NO_MEMORY;
    case simdjson::NUMBER_ERROR:
    case simdjson::STRING_ERROR:
    case simdjson::UTF8_ERROR: return RELAY_JSON_MALFORMED_VALUE;
    default: return RELAY_JSON_MALFORMED;
    }
}

static bool is_tagged(uint64_t word, const char *tags) noexcept {
    return std::strchr(tags, int(word >> 56)) != nullptr && word >> 56 != 0;
}

// simdjson does not tell how much of the string buffer it filled: texts lie there in the tape's order, so the last
// string word ends it. A number is a tag word and a raw word, and a raw word may look like any tag; within a run of
// number-like words, tags and raw words alternate from its first, so a string-like word behind an even run is a string.
static size_t used_text(const uint64_t *words, size_t count, const uint8_t *texts) noexcept {
    for (size_t index = count; index-- > 1;) {
        if (!is_tagged(words[index], "\"")) { continue; }
        size_t run = 0;
        while (run < index && is_tagged(words[index - 1 - run], "lud")) { run++; }
        if (run % 2 != 0) { continue; }
        uint32_t length = 0;
        const size_t start = size_t(words[index] & simdjson::internal::JSON_VALUE_MASK);
        std::memcpy(&length, texts + start, sizeof length);
        return start + sizeof length + length;
    }
    return 0;
}

relay_json_parser *relay_json_create(size_t max_bytes, size_t max_depth) {
    try {
        return new (std::nothrow) relay_json_parser(max_bytes, max_depth);
    } catch (...) {
        return nullptr;
    }
}

void relay_json_destroy(relay_json_parser *parser) { delete parser; }

relay_json_tape relay_json_parse(relay_json_parser *parser, const uint8_t *bytes, size_t count) {
    relay_json_tape tape = {RELAY_JSON_NO_MEMORY, nullptr, 0, nullptr, 0};
    try {
        tape.status = status_of(parser->parse(bytes, count));
    } catch (...) {
        return tape;
    }
    if (tape.status != RELAY_JSON_OK) { return tape; }
    tape.words = parser->dom.doc.tape.get();
    tape.word_count = size_t(tape.words[0] & simdjson::internal::JSON_VALUE_MASK);
    tape.texts = parser->dom.doc.string_buf.get();
    tape.text_count = used_text(tape.words, tape.word_count, tape.texts);
    return tape;
}
