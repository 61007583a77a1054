#pragma once

// The heads of the most recently used streams, so that appending to them needs no look-up. Owned by
// the appender; one thread. Bounded: the least recently used stream is dropped first.

#include "domain/core/keyed_hash.hpp"
#include "store/log/event.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>

namespace headwater::store {

class stream_head_cache {
public:
  explicit stream_head_cache(std::size_t capacity) : capacity_(capacity) {}

  /// Null if it is not cached.
  [[nodiscard]] const stream_head* find(std::string_view stream);
  void put(std::string_view stream, const stream_head& head);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

private:
  using entry = std::pair<std::string, stream_head>;

  std::size_t capacity_;
  std::list<entry> entries_; // most recently used first
  text_view_map<std::list<entry>::iterator> by_stream_;
};

} // namespace headwater::store
