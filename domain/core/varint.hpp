#pragma once

// Whole numbers in as few bytes as they need: LEB128, seven bits to a byte, the least significant
// first, and the high bit set on all but the last byte. Signed numbers are zigzagged first (0, -1,
// 1, -2 become 0, 1, 2, 3), as in Protocol Buffers. Unlike there, each number has one form only:
// one with more bytes than it needs, or with bits that its type has no room for, is a fault. Pure,
// any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace headwater {

__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;

template <class Unsigned>
void append_varint(std::string& out, Unsigned value) {
  for (; value >= 0x80; value >>= 7)
    out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

inline void append_signed_varint(std::string& out, int128 value) {
  const auto zigzag = static_cast<uint128>(value) << 1 ^ (value < 0 ? ~uint128{0} : uint128{0});
  // Most values fit 64 bits, and those are several times as fast as 128.
  const auto narrow = static_cast<std::uint64_t>(zigzag);
  if (narrow == zigzag)
    append_varint(out, narrow);
  else
    append_varint(out, zigzag);
}

/// Reads values from the front of some bytes. After the first fault everything else reads as 0 or
/// empty and good() is false, so a caller checks once, at the end.
class varint_reader {
public:
  explicit varint_reader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  std::uint8_t byte() {
    if (at_ == end_)
      return static_cast<std::uint8_t>(fail());
    return static_cast<std::uint8_t>(*at_++);
  }

  /// A number of at most `most`.
  std::uint64_t varint(std::uint64_t most = ~std::uint64_t{0}) {
    const auto value = number<std::uint64_t>();
    return value <= most ? value : fail();
  }

  int128 signed_varint() {
    // Most numbers are short, and 64 bits are several times as fast as 128.
    if (at_ != end_ && (static_cast<std::uint8_t>(*at_) & 0x80U) == 0) {
      const std::int64_t value = static_cast<std::uint8_t>(*at_++);
      return value >> 1 ^ -(value & 1);
    }
    if (end_ - at_ >= 9) {
      std::uint64_t value = 0;
      const auto* at = at_;
      for (unsigned shift = 0; shift < 63; shift += 7) {
        const auto next = static_cast<std::uint8_t>(*at++);
        value |= static_cast<std::uint64_t>(next & 0x7fU) << shift;
        if ((next & 0x80) == 0) {
          if (next == 0)
            return fail();
          at_ = at;
          return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
        }
      }
    }
    const auto value = number<uint128>();
    return static_cast<int128>(value >> 1 ^ (~(value & 1) + 1));
  }

  /// The next `length` bytes.
  std::string_view bytes(std::uint64_t length) {
    if (length > static_cast<std::uint64_t>(end_ - at_)) {
      fail();
      return {};
    }
    const std::string_view value{at_, static_cast<std::size_t>(length)};
    at_ += length;
    return value;
  }

  /// A length, then that many bytes.
  std::string_view text() { return bytes(varint()); }

  [[nodiscard]] bool at_end() const { return at_ == end_; }
  /// No fault so far.
  [[nodiscard]] bool good() const { return good_; }
  /// Marks the bytes as faulty because of what they say; returns 0.
  std::uint64_t fail() {
    good_ = false;
    at_ = end_;
    return 0;
  }

private:
  template <class Unsigned>
  Unsigned number() {
    Unsigned value = 0;
    for (unsigned shift = 0; shift < 8 * sizeof(Unsigned) && at_ != end_; shift += 7) {
      const auto next = static_cast<std::uint8_t>(*at_++);
      const auto bits = static_cast<Unsigned>(next & 0x7fU);
      value |= bits << shift;
      if (bits << shift >> shift != bits)
        return fail();
      if ((next & 0x80) == 0)
        return next != 0 || shift == 0 ? value : fail();
    }
    return fail();
  }

  const char* at_;
  const char* end_;
  bool good_ = true;
};

} // namespace headwater
