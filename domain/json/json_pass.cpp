#include "domain/json/json_pass.hpp"

#include "domain/core/text.hpp"

#include <algorithm>

namespace headwater {
namespace {

/// Whether an escape might name half of a surrogate pair.
bool mentions_surrogates(std::string_view text) {
  for (auto at = text.find("\\u"); at != text.npos; at = text.find("\\u", at + 2))
    if (at + 2 < text.size() && (text[at + 2] == 'd' || text[at + 2] == 'D'))
      return true;
  return false;
}

/// Calls `visit(offset, length)` for each run of the characters of numbers outside strings.
template <class Visitor>
void each_number(std::string_view text, Visitor&& visit) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '"')
        in_string = false;
    } else if (text[i] == '"') {
      in_string = true;
    } else if (text[i] == '-' || (text[i] >= '0' && text[i] <= '9')) {
      const auto end = std::min(text.find_first_not_of("+-.0123456789eE", i), text.size());
      visit(i, end - i);
      i = end - 1;
    }
  }
}

} // namespace

json_buffer::json_buffer(std::string_view sent)
    : sent_(sent), copy_(std::make_shared_for_overwrite<char[]>(sent.size() + json_padding)),
      may_hold_lone_surrogates_(mentions_surrogates(sent)), is_ascii_(headwater::is_ascii(sent)) {
  std::copy(sent.begin(), sent.end(), copy_.get());
  std::fill_n(copy_.get() + sent.size(), json_padding, '\0');
}

void json_buffer::hide_large_numbers() {
  std::copy(sent_.begin(), sent_.end(), copy_.get());
  // What is malformed stays as it is, so that it is refused.
  each_number(sent_, [this](std::size_t at, std::size_t size) {
    const auto number = sent_.substr(at, size);
    if (!may_exceed_double(number) || !is_json_number(number))
      return;
    copy_.get()[at] = '0';
    std::fill_n(copy_.get() + at + 1, size - 1, ' ');
  });
  hidden_ = true;
  met_large_number_ = false;
}

std::string_view json_buffer::number_as_sent(const char* text, std::size_t size) const {
  if (!hidden_)
    return {text, size};
  const auto from = sent_.substr(static_cast<std::size_t>(text - copy_.get()));
  auto rest = from;
  return take_number(rest) ? from.substr(0, from.size() - rest.size())
                           : std::string_view{text, size};
}

std::optional<json_fault> json_buffer::refused_number(std::size_t at) {
  met_large_number_ = !hidden_;
  return json_fault{at, "a malformed number"};
}

} // namespace headwater
