// libwebrtc wants abseil's make_unique, which has been in the standard library since C++14.
#pragma once

#include <memory>

namespace absl
{
	using std::make_unique;
} // namespace absl
