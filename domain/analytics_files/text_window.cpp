#include "domain/analytics_files/text_window.hpp"

#include "domain/core/try.hpp"

#include <algorithm>

namespace headwater::analytics_files {

namespace {

// Most files are short, so the buffer grows up to its full size.
constexpr std::size_t first_size = 64 * 1024;
constexpr std::size_t full_size = 4 * text_window::reach;

} // namespace

text_window::text_window(byte_source source) : source_(std::move(source)) {}

result<void> text_window::fill() {
  if (at_end_ || end_ - begin_ >= reach)
    return boost::system::in_place_value;
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  while (!at_end_ && end_ < full_size) {
    if (end_ == buffer_.size())
      buffer_.resize(std::clamp(2 * buffer_.size(), first_size, full_size));
    TRY(auto count, source_(std::span(buffer_).subspan(end_)));
    end_ += count;
    at_end_ = count == 0;
  }
  return boost::system::in_place_value;
}

void text_window::drop(std::size_t bytes) {
  begin_ += bytes;
  dropped_ += bytes;
}

} // namespace headwater::analytics_files
