#include "domain/referrals/json_pass.hpp"

#include "domain/json/json_number.hpp"

#include <algorithm>

namespace headwater::referrals {
namespace {

/// True for numbers that RapidJSON might refuse for their size.
bool huge(const number_parts& number) {
  constexpr std::int64_t large_exponent = 99;
  constexpr std::size_t many_digits = 300;
  return number.exponent > large_exponent || number.whole.size() > many_digits;
}

/// True if an escape might name half a surrogate pair.
bool mentions_surrogates(std::string_view body) {
  return body.find("\\ud") != std::string_view::npos || body.find("\\uD") != std::string_view::npos;
}

/// Overwrites each huge number with 0 and spaces of the same length.
void blank_huge_numbers(char* text, std::string_view original) {
  bool in_string = false;
  for (std::size_t i = 0; i < original.size(); ++i) {
    auto c = original[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
      continue;
    }
    in_string = c == '"';
    if (c != '-' && (c < '0' || c > '9'))
      continue;
    auto rest = original.substr(i);
    auto number = take_number(rest);
    if (!number)
      continue;
    auto length = original.size() - i - rest.size();
    if (huge(*number)) {
      std::fill_n(text + i, length, ' ');
      text[i] = '0';
    }
    i += length - 1;
  }
}

} // namespace

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::string_view json_source::number(const char* text, std::size_t length) const {
  if (!blanked)
    return {text, length};
  auto as_sent = original.substr(static_cast<std::size_t>(text - buffer.get()));
  auto rest = as_sent;
  return take_number(rest) ? as_sent.substr(0, as_sent.size() - rest.size())
                           : std::string_view{text, length};
}

json_source make_source(std::string_view body, bool blank_huge) {
  auto buffer = std::make_shared_for_overwrite<char[]>(body.size() + 1);
  std::copy(body.begin(), body.end(), buffer.get());
  buffer[body.size()] = '\0';
  if (blank_huge)
    blank_huge_numbers(buffer.get(), body);
  return {std::move(buffer), body, blank_huge, mentions_surrogates(body)};
}

pass_end not_json(std::size_t at, std::string_view why) {
  return {error{errc::bad_request, "Request body is not valid JSON at byte " + std::to_string(at) +
                                       ": " + std::string{why}}};
}

error nested_too_deep() {
  return {errc::bad_request, "Request body is nested deeper than " +
                                 std::to_string(row_limits::max_depth) + " levels"};
}

error half_a_surrogate_pair() {
  return {errc::bad_request, "Request body has half a surrogate pair in a string"};
}

} // namespace headwater::referrals
