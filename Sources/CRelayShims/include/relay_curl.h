#ifndef RELAY_CURL_H
#define RELAY_CURL_H

// See CLibevent/shim.h: one shape of fd_set in all modules.
#include <features.h>

#include <curl/curl.h>

// libcurl's option and information calls are variadic, and variadic functions are invisible to Swift: one function
// for each kind of argument. The callers see to it that the kind fits the option.

CURLcode relay_curl_set_long(CURL *easy, CURLoption option, long value);
CURLcode relay_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value);
// libcurl copies the text.
CURLcode relay_curl_set_string(CURL *easy, CURLoption option, const char *value);
// libcurl keeps the pointer (but copies what CURLOPT_COPYPOSTFIELDS points to).
CURLcode relay_curl_set_pointer(CURL *easy, CURLoption option, const void *value);
// libcurl keeps the list.
CURLcode relay_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value);
// For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION, which share one type.
CURLcode relay_curl_set_sink(CURL *easy, CURLoption option, curl_write_callback value);

CURLcode relay_curl_get_long(CURL *easy, CURLINFO info, long *value);
CURLcode relay_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value);

CURLMcode relay_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);

#endif
