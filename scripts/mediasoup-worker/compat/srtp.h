// The worker is written for libsrtp 3, Debian has libsrtp 2: this expresses the part of 3 that it uses in terms of 2.
//
// 3 has opaque policies with key and salt apart, and separate input and output buffers with size_t lengths;
// 2 has a plain struct with the salt behind the key, and works in place with int lengths.
#pragma once

#include <openssl/crypto.h>
#include <srtp2/srtp.h>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

namespace kaa
{
	struct SrtpPolicy
	{
		::srtp_policy_t policy{};
		unsigned char keyAndSalt[SRTP_MAX_KEY_LEN]{};
	};

	// libsrtp 2 writes behind the packet without asking how much room there is. SRTCP adds an index of 4 bytes.
	inline constexpr std::size_t SrtpMaxGrowth{ SRTP_MAX_TRAILER_LEN + 4 };
} // namespace kaa

// Codes that exist in 3 only; the worker has texts for them.
#define srtp_err_status_buffer_small (static_cast<srtp_err_status_t>(28))
#define srtp_err_status_cryptex_err (static_cast<srtp_err_status_t>(29))

inline srtp_err_status_t srtp_policy_create(kaa::SrtpPolicy** policy)
{
	*policy = new (std::nothrow) kaa::SrtpPolicy();

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(kaa::SrtpPolicy* policy)
{
	if (policy)
	{
		OPENSSL_cleanse(policy->keyAndSalt, sizeof(policy->keyAndSalt));
	}

	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(kaa::SrtpPolicy* policy, srtp_ssrc_t ssrc)
{
	policy->policy.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(kaa::SrtpPolicy* policy, srtp_profile_t profile)
{
	const auto status = srtp_crypto_policy_set_from_profile_for_rtp(&policy->policy.rtp, profile);

	return status == srtp_err_status_ok
	         ? srtp_crypto_policy_set_from_profile_for_rtcp(&policy->policy.rtcp, profile)
	         : status;
}

inline srtp_err_status_t srtp_policy_add_key(
  kaa::SrtpPolicy* policy,
  const std::uint8_t* key,
  std::size_t keyLength,
  const std::uint8_t* salt,
  std::size_t saltLength,
  const std::uint8_t* mki,
  std::size_t mkiLength)
{
	if (mki || mkiLength > 0 || keyLength + saltLength > sizeof(policy->keyAndSalt))
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->keyAndSalt, key, keyLength);
	std::memcpy(policy->keyAndSalt + keyLength, salt, saltLength);

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(kaa::SrtpPolicy* policy, bool isAllowed)
{
	policy->policy.allow_repeat_tx = isAllowed ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(kaa::SrtpPolicy* policy, std::size_t packets)
{
	policy->policy.window_size = static_cast<unsigned long>(packets);

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, kaa::SrtpPolicy* policy)
{
	policy->policy.key = policy->keyAndSalt;

	return srtp_create(session, static_cast<const ::srtp_policy_t*>(&policy->policy));
}

inline srtp_err_status_t srtp_stream_remove(srtp_t session, std::uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

namespace kaa
{
	using SrtpInPlace = srtp_err_status_t (*)(srtp_t session, void* packet, int* length);

	// Moves the packet to where the result is wanted, and lets libsrtp 2 change it there.
	inline srtp_err_status_t runSrtpInPlace(
	  SrtpInPlace transform,
	  srtp_t session,
	  const std::uint8_t* input,
	  std::size_t inputLength,
	  std::uint8_t* output,
	  std::size_t* outputLength,
	  std::size_t growth)
	{
		if (inputLength + growth > *outputLength || inputLength + growth > INT_MAX)
		{
			return srtp_err_status_buffer_small;
		}

		if (output != input)
		{
			std::memmove(output, input, inputLength);
		}

		int length        = static_cast<int>(inputLength);
		const auto status = transform(session, output, &length);

		*outputLength = static_cast<std::size_t>(length);

		return status;
	}
} // namespace kaa

inline srtp_err_status_t srtp_protect(
  srtp_t session, const std::uint8_t* rtp, std::size_t rtpLength, std::uint8_t* srtp, std::size_t* srtpLength, std::size_t /*mkiIndex*/)
{
	return kaa::runSrtpInPlace(srtp_protect, session, rtp, rtpLength, srtp, srtpLength, kaa::SrtpMaxGrowth);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const std::uint8_t* srtp, std::size_t srtpLength, std::uint8_t* rtp, std::size_t* rtpLength)
{
	return kaa::runSrtpInPlace(srtp_unprotect, session, srtp, srtpLength, rtp, rtpLength, 0);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const std::uint8_t* rtcp, std::size_t rtcpLength, std::uint8_t* srtcp, std::size_t* srtcpLength, std::size_t /*mkiIndex*/)
{
	return kaa::runSrtpInPlace(srtp_protect_rtcp, session, rtcp, rtcpLength, srtcp, srtcpLength, kaa::SrtpMaxGrowth);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const std::uint8_t* srtcp, std::size_t srtcpLength, std::uint8_t* rtcp, std::size_t* rtcpLength)
{
	return kaa::runSrtpInPlace(srtp_unprotect_rtcp, session, srtcp, srtcpLength, rtcp, rtcpLength, 0);
}

// Last, so that everything above still means libsrtp 2's own type.
#define srtp_policy_t kaa::SrtpPolicy*
