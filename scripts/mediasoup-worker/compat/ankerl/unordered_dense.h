// Debian packages no ankerl::unordered_dense: the standard containers offer the part of it that the worker uses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
	// The worker combines these hashes by shifting and adding, so each must already have its bits spread,
	// which std::hash of an integer has not.
	template<typename Key>
	struct hash
	{
		std::size_t operator()(const Key& key) const noexcept(noexcept(std::hash<Key>{}(key)))
		{
			std::uint64_t bits = std::hash<Key>{}(key);

			bits = (bits ^ (bits >> 32)) * 0xd6e8feb86659fd93u;
			bits = (bits ^ (bits >> 32)) * 0xd6e8feb86659fd93u;

			return static_cast<std::size_t>(bits ^ (bits >> 32));
		}
	};

	template<typename Key, typename Value, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
	using map = std::unordered_map<Key, Value, Hash, Equal>;

	template<typename Key, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
	using set = std::unordered_set<Key, Hash, Equal>;
} // namespace ankerl::unordered_dense
