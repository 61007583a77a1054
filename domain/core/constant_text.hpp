#pragma once

// A text that the compiler puts together, with its own storage. For names that are constants.

#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace headwater {

template <std::size_t Room = 80>
class constant_text {
public:
  /// A text that is longer than Room does not compile.
  consteval constant_text(std::initializer_list<std::string_view> parts) {
    for (const auto part : parts)
      for (const char each : part)
        text_[size_++] = each;
  }

  [[nodiscard]] constexpr std::string_view view() const { return {text_, size_}; }
  // NOLINTNEXTLINE(google-explicit-constructor): it is a text, wherever one is asked for
  constexpr operator std::string_view() const { return view(); }

private:
  char text_[Room] = {};
  std::size_t size_ = 0;
};

} // namespace headwater
