#include "CPhoneNumber.h"

#include <cstring>
#include <phonenumbers/phonenumberutil.h>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

// Country code and national number, leading zeros of the latter included where the country writes them (Italy).
static bool write_digits(
    const PhoneNumberUtil &plans, const PhoneNumber &number, uint8_t *digits, size_t *digit_count) {
    std::string national;
    plans.GetNationalSignificantNumber(number, &national);
    const std::string whole = std::to_string(number.country_code()) + national;
    if (whole.size() > RELAY_PHONE_DIGITS) { return false; }
    std::memcpy(digits, whole.data(), whole.size());
    *digit_count = whole.size();
    return true;
}

static relay_phone_grade grade_of(const PhoneNumberUtil &plans, const PhoneNumber &number, bool asks_valid) {
    if (asks_valid && plans.IsValidNumber(number)) { return RELAY_PHONE_VALID; }
    return plans.IsPossibleNumber(number) ? RELAY_PHONE_POSSIBLE : RELAY_PHONE_IMPOSSIBLE;
}

relay_phone_grade relay_phone_parse(
    const uint8_t *text, size_t count, const char *region, int asks_valid, uint8_t digits[RELAY_PHONE_DIGITS],
    size_t *digit_count) {
    *digit_count = 0;
    try {
        const PhoneNumberUtil &plans = *PhoneNumberUtil::GetInstance();
        PhoneNumber number;
        const std::string place = region ? std::string(region, 2) : "ZZ";
        if (plans.Parse(std::string(reinterpret_cast<const char *>(text), count), place, &number) != PhoneNumberUtil::NO_PARSING_ERROR ||
            !write_digits(plans, number, digits, digit_count)) {
            return RELAY_PHONE_UNREAD;
        }
        return grade_of(plans, number, asks_valid != 0);
    } catch (...) {
        *digit_count = 0;
        return RELAY_PHONE_UNREAD;
    }
}

void relay_phone_load(void) {
    try {
        PhoneNumberUtil::GetInstance();
    } catch (...) {
        // The first call tries again.
        return;
    }
}
