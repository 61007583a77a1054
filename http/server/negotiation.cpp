#include "http/server/negotiation.hpp"

#include "domain/core/text.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace headwater::http {

namespace {

constexpr int most = 1000;

/// Takes everything before the next `mark` that is not inside a quoted string.
std::string_view take_until(std::string_view& text, char mark) {
  bool is_quoted = false;
  std::size_t i = 0;
  for (; i < text.size() && (is_quoted || text[i] != mark); ++i) {
    if (text[i] == '"')
      is_quoted = !is_quoted;
    else if (is_quoted && text[i] == '\\')
      ++i;
  }
  i = std::min(i, text.size());
  const auto out = trimmed(text.substr(0, i));
  text.remove_prefix(std::min(i + 1, text.size()));
  return out;
}

/// "0" to "1", with at most three decimals.
std::optional<int> parse_quality(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  constexpr std::size_t longest = 5;
  if (text.empty() || text.size() > longest || (text[0] != '0' && text[0] != '1') ||
      (text.size() > 1 && text[1] != '.') ||
      !std::all_of(text.begin() + std::min<std::ptrdiff_t>(2, std::ssize(text)), text.end(),
                   is_digit))
    return std::nullopt;
  int value = text[0] - '0';
  for (std::size_t i = 2; i < longest; ++i)
    value = value * 10 + (i < text.size() ? text[i] - '0' : 0);
  return value <= most ? std::optional{value} : std::nullopt;
}

/// The value of q among the parameters; nothing if it is malformed.
std::optional<int> weight_of(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto one = take_until(parameters, ';');
    if (one.starts_with("q=") || one.starts_with("Q="))
      return parse_quality(one.substr(2));
  }
  return most;
}

/// 3: the type itself, 2: its main type, 1: any, 0: the range does not contain it.
int specificity(std::string_view range, std::string_view type) {
  if (range == type)
    return 3;
  if (range == std::string(type.substr(0, type.find('/'))) + "/*")
    return 2;
  return range == "*/*" ? 1 : 0;
}

} // namespace

type_quality quality_of(std::string_view accept, std::string_view type) {
  type_quality out;
  int best = 0;
  while (!accept.empty()) {
    auto parameters = take_until(accept, ',');
    const auto range = ascii_lower(take_until(parameters, ';'));
    const auto close = specificity(range, type);
    const auto weight = weight_of(parameters);
    if (close == 0 || close < best || !weight)
      continue;
    out.thousandths = close > best ? *weight : std::max(out.thousandths, *weight);
    out.is_named = close == 3;
    best = close;
  }
  return out;
}

int quality_of_coding(std::string_view accept_encoding, std::string_view coding) {
  std::optional<int> named;
  std::optional<int> any;
  while (!accept_encoding.empty()) {
    auto parameters = take_until(accept_encoding, ',');
    const auto name = ascii_lower(take_until(parameters, ';'));
    const auto weight = weight_of(parameters);
    if (!weight)
      continue;
    if (name == coding || (name == "x-gzip" && coding == "gzip"))
      named = std::max(named.value_or(0), *weight);
    else if (name == "*")
      any = std::max(any.value_or(0), *weight);
  }
  return named.value_or(any.value_or(0));
}

bool prefers_csv(std::string_view accept) {
  const auto csv = quality_of(accept, "text/csv");
  const auto json = quality_of(accept, "application/json");
  if (csv.thousandths == 0)
    return false;
  return csv.is_named ? csv.thousandths >= json.thousandths : csv.thousandths > json.thousandths;
}

} // namespace headwater::http
