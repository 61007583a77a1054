#include "domain/analytics_files/text_window.hpp"

#include "domain/core/try.hpp"

#include <algorithm>

namespace headwater::analytics_files {

text_window::text_window(byte_source source) : source_(std::move(source)), buffer_(4 * reach) {}

result<void> text_window::fill() {
  if (at_end_ || end_ - begin_ >= reach)
    return boost::system::in_place_value;
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  while (!at_end_ && end_ < buffer_.size()) {
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
