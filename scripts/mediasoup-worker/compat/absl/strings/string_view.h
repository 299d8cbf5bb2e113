// libwebrtc wants abseil's string_view, which has been std::string_view since C++17.
#pragma once

#include <string_view>

namespace absl
{
	using std::string_view;
} // namespace absl
