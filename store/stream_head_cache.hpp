#pragma once

// Where streams stand, for the most recently used of them, so that an append needs no lookup.
// Owned by the appender; one thread. Bounded: the least recently used stream goes first.

#include "domain/core/digest.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace headwater::store {

/// The last event of a stream; all zeros before the first.
struct stream_head {
  std::uint64_t version = 0;  ///< its sequence
  std::uint64_t position = 0; ///< its global position
  digest chain{};

  bool operator==(const stream_head&) const = default;
};

class stream_head_cache {
public:
  explicit stream_head_cache(std::size_t capacity) : capacity_(capacity) {}

  /// Null where it is not cached.
  [[nodiscard]] const stream_head* find(std::string_view stream);
  void put(std::string_view stream, const stream_head& head);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

private:
  using entry = std::pair<std::string, stream_head>;

  std::size_t capacity_;
  std::list<entry> entries_; // most recently used first
  std::unordered_map<std::string_view, std::list<entry>::iterator> by_stream_;
};

} // namespace headwater::store
