// Prints libphonenumber's numbering plans, a line each: region, country code, whether the region is the code's main
// one, the pattern of the national prefix, the lengths of national numbers. For tables.py alone: the plans have no
// public interface, but the library exports them.
#include <cstdio>
#include <phonenumbers/phonemetadata.pb.h>

namespace i18n::phonenumbers {
int metadata_size();
const void *metadata_get();
} // namespace i18n::phonenumbers

int main() {
    i18n::phonenumbers::PhoneMetadataCollection plans;
    if (!plans.ParseFromArray(i18n::phonenumbers::metadata_get(), i18n::phonenumbers::metadata_size())) { return 1; }
    for (const auto &plan : plans.metadata()) {
        std::printf(
            "%s\t%d\t%d\t%s\t", plan.id().c_str(), plan.country_code(), plan.main_country_for_code() ? 1 : 0,
            plan.national_prefix_for_parsing().c_str());
        for (int length : plan.general_desc().possible_length()) { std::printf("%d,", length); }
        std::puts("");
    }
}
