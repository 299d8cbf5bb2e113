// Included before DtlsTransport.cpp, to keep libssl from believing that the kernel encrypts for it.
//
// An OpenSSL built with kernel TLS, such as Debian's, asks its write BIO BIO_CTRL_GET_KTLS_SEND. The worker's
// callback answers 1 to every operation that it does not care about, which here means yes: libssl then
// allocates no write buffer and crashes in the first handshake. So the callback sees writes only, and every
// other operation keeps the result that it already has (which is 1 before an operation, meaning "go on").
#pragma once

#include <openssl/bio.h>
#include <cstddef>

namespace kaa
{
	template<BIO_callback_fn_ex WriteCallback>
	long passWritesOnly(
	  BIO* bio, int operation, const char* data, std::size_t length, int argi, long argl, int result, std::size_t* processed)
	{
		return operation == BIO_CB_WRITE ? WriteCallback(bio, operation, data, length, argi, argl, result, processed)
		                                 : static_cast<long>(result);
	}
} // namespace kaa

#define BIO_set_callback_ex(bio, callback) BIO_set_callback_ex(bio, kaa::passWritesOnly<callback>)
