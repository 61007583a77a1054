#include "http/server/query.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace headwater::http {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool equals_caseless(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b;
  });
}

error query_fault(std::string_view name, std::string message, std::string type) {
  return {errc::validation_error,
          "Request validation failed",
          {{location{"query"} / name, std::move(message), std::move(type)}}};
}

} // namespace

bool percent_decode(std::string_view text, bool plus_is_space, std::string& out) {
  const auto before = out.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        out.resize(before);
        return false;
      }
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return true;
}

bool query::parse(std::string_view text) {
  items_.clear();
  decoded_.clear();
  // Decoding never makes a text longer, so no push_back below moves what earlier views point to.
  decoded_.reserve(text.size());
  const auto decode = [this](std::string_view raw, std::string_view& value) {
    if (raw.find_first_of("%+") == raw.npos) {
      value = raw;
      return true;
    }
    const auto start = decoded_.size();
    if (!percent_decode(raw, true, decoded_))
      return false;
    value = std::string_view(decoded_).substr(start);
    return true;
  };
  while (!text.empty()) {
    const auto pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty())
      continue;
    const auto equals = std::min(pair.find('='), pair.size());
    std::string_view name, value;
    if (!decode(pair.substr(0, equals), name) ||
        !decode(pair.substr(std::min(equals + 1, pair.size())), value))
      return false;
    items_.emplace_back(name, value);
  }
  return true;
}

std::optional<std::string_view> query::find(std::string_view name) const {
  for (const auto& [key, value] : items_)
    if (key == name)
      return value;
  return std::nullopt;
}

result<bool> query::boolean(std::string_view name, bool absent) const {
  const auto text = find(name);
  if (!text)
    return absent;
  for (const auto word : {"true", "1", "yes", "on"})
    if (equals_caseless(*text, word))
      return true;
  for (const auto word : {"false", "0", "no", "off"})
    if (equals_caseless(*text, word))
      return false;
  return query_fault(name, "Input should be a valid boolean", "bool_parsing");
}

result<std::optional<std::int64_t>> query::integer(std::string_view name, std::int64_t least,
                                                   std::int64_t most) const {
  const auto text = find(name);
  if (!text)
    return std::optional<std::int64_t>{};
  const auto number = parse_integer(*text);
  if (!number)
    return query_fault(name, "Input should be a valid integer", "int_parsing");
  const bool below = number->overflow ? text->front() == '-' : number->value < least;
  if (below)
    return query_fault(name, "Input should be greater than or equal to " + std::to_string(least),
                       "greater_than_equal");
  if (number->overflow || number->value > most)
    return query_fault(name, "Input should be less than or equal to " + std::to_string(most),
                       "less_than_equal");
  return std::optional(number->value);
}

std::optional<integer_text> parse_integer(std::string_view text) {
  integer_text out;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out.value);
  if (fault == std::errc::invalid_argument || end != text.data() + text.size())
    return std::nullopt;
  out.overflow = fault == std::errc::result_out_of_range;
  return out;
}

} // namespace headwater::http
