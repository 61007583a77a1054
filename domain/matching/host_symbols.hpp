#pragma once

// A host as a row of symbols below 64, so that the children of a trie node fit in one 64-bit word.
// The 39 bytes that occur in hosts have symbols of their own; all other bytes share the remaining
// ones, so a match of symbols must be confirmed on the bytes. Pure; used on the stack of one match.

#include <boost/container/small_vector.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace headwater::attribution {

inline constexpr std::uint8_t symbol_count = 64;
/// Ends every row; no byte maps to it.
inline constexpr std::uint8_t end_symbol = 63;

namespace detail {

constexpr std::string_view host_bytes = "abcdefghijklmnopqrstuvwxyz0123456789-._";

constexpr std::array<std::uint8_t, 256> make_symbols() {
  std::array<std::uint8_t, 256> out{};
  constexpr auto shared = end_symbol - host_bytes.size();
  for (std::size_t byte = 0; byte < out.size(); ++byte)
    out[byte] = static_cast<std::uint8_t>(host_bytes.size() + byte % shared);
  for (std::size_t i = 0; i < host_bytes.size(); ++i)
    out[static_cast<unsigned char>(host_bytes[i])] = static_cast<std::uint8_t>(i);
  return out;
}

inline constexpr auto symbols = make_symbols();

} // namespace detail

class host_symbols {
public:
  explicit host_symbols(std::string_view text) : row_(text.size(), boost::container::default_init) {
    unsigned char seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      row_[i] = detail::symbols[byte];
      seen |= byte;
    }
    is_ascii_ = seen < 0x80;
  }

  [[nodiscard]] bool is_ascii() const { return is_ascii_; }

  [[nodiscard]] const std::uint8_t* begin() const { return row_.data(); }
  [[nodiscard]] const std::uint8_t* end() const { return row_.data() + row_.size(); }
  [[nodiscard]] std::size_t size() const { return row_.size(); }

private:
  boost::container::small_vector<std::uint8_t, 256> row_;
  bool is_ascii_ = true;
};

} // namespace headwater::attribution
