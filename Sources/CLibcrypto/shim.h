// See CLibevent/shim.h: one shape of fd_set in all modules.
#include <features.h>
#include <openssl/evp.h>
#include <openssl/err.h>
#include <openssl/crypto.h>
