#pragma once

// Numbers as in RocksDB's own files; ours are big-endian (store/tables/keys.hpp). Pure.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace headwater::store {

/// Reads all bytes of the type.
template <class Number>
[[nodiscard]] Number little_endian(std::string_view bytes) {
  Number out = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    out |= static_cast<Number>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return out;
}

} // namespace headwater::store
