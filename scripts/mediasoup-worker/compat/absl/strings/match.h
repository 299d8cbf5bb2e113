// libwebrtc wants abseil's string predicates, which C++20 has as members of std::string_view.
#pragma once

#include "absl/strings/string_view.h"

namespace absl
{
	inline bool StartsWith(string_view text, string_view prefix) noexcept
	{
		return text.starts_with(prefix);
	}

	inline bool EndsWith(string_view text, string_view suffix) noexcept
	{
		return text.ends_with(suffix);
	}

	inline bool StrContains(string_view haystack, string_view needle) noexcept
	{
		return haystack.find(needle) != string_view::npos;
	}
} // namespace absl
