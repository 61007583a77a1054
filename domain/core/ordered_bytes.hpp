#pragma once

// Numbers as database keys: their bytes sort like the numbers. Pure, any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace headwater {

/// Unsigned big-endian, all bytes of the type.
template <class Unsigned>
void append_big_endian(std::string& out, Unsigned value) {
  for (int shift = 8 * (static_cast<int>(sizeof value) - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift));
}

/// Reads what append_big_endian() wrote: exactly the bytes of the type.
template <class Unsigned>
[[nodiscard]] Unsigned read_big_endian(std::string_view bytes) {
  Unsigned value = 0;
  for (const auto c : bytes)
    value = static_cast<Unsigned>(value << 8 | static_cast<unsigned char>(c));
  return value;
}

/// be32(value + 2^31), so that negative numbers come first.
inline void append_ordered(std::string& out, std::int32_t value) {
  append_big_endian(out, static_cast<std::uint32_t>(value) ^ 0x80000000U);
}

/// Reads what append_ordered() wrote: exactly four bytes.
[[nodiscard]] inline std::int32_t read_ordered(std::string_view bytes) {
  return static_cast<std::int32_t>(read_big_endian<std::uint32_t>(bytes) ^ 0x80000000U);
}

} // namespace headwater
