// libphonenumber behind a C face: it is C++, and what it makes of a text is wanted as plain digits.
#ifndef PINRELAY_CPHONENUMBER_H
#define PINRELAY_CPHONENUMBER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What the numbering plans say of a text, from nothing to everything.
typedef enum {
    // No phone number, or the region is unknown; also out of memory. There are no digits.
    RELAY_PHONE_UNREAD = 0,
    // Parsed, but of a length that no number of its country has.
    RELAY_PHONE_IMPOSSIBLE,
    // Of a possible length.
    RELAY_PHONE_POSSIBLE,
    // Possible, and in a range that its country has assigned. Only told where it was asked for.
    RELAY_PHONE_VALID
} relay_phone_grade;

// Room for the digits of every number that libphonenumber parses: a country code of 3 and 17 behind it.
#define RELAY_PHONE_DIGITS 32

// Parses `count` bytes of UTF-8 and writes the international number, country code first, as ASCII digits.
//
// `region` is two upper-case letters of ISO 3166-1, where a text without `+` is read; NULL reads texts with `+` only.
// `asks_valid` also asks whether the number is valid, which costs as much again as parsing.
// Nothing is kept of the text. Never throws; any thread may call at any time. The first call loads the numbering plans.
relay_phone_grade relay_phone_parse(
    const uint8_t *text, size_t count, const char *region, int asks_valid, uint8_t digits[RELAY_PHONE_DIGITS],
    size_t *digit_count);

// Loads the numbering plans now rather than in the first call. Never throws.
void relay_phone_load(void);

#ifdef __cplusplus
}
#endif

#endif
