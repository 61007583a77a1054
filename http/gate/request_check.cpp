#include "http/gate/request_check.hpp"

#include "actors/views/asked_point.hpp"
#include "domain/core/given_time.hpp"
#include "domain/core/text.hpp"
#include "http/server/negotiation.hpp"

#include <algorithm>

namespace headwater::http {

namespace {

constexpr std::size_t max_idempotency_key = 255;

} // namespace

std::int64_t request_check::id(std::size_t n, std::string_view name) {
  const auto number = parse_integer(of_.param(n));
  if (!number) {
    faults_.push_back({location{"path"} / name,
                       "Input should be a valid integer, unable to parse string as an integer",
                       "int_parsing"});
    return -1;
  }
  return number->overflow ? -1 : number->value;
}

std::string request_check::account_id() {
  auto given = text("account_id");
  if (!given)
    faults_.push_back({{"query", "account_id"}, "Field required", "missing"});
  return std::move(given).value_or(std::string{});
}

std::optional<std::string> request_check::text(std::string_view name) {
  const auto given = of_.parameters.find(name);
  if (!given)
    return std::nullopt;
  if (given->empty())
    faults_.push_back(
        {location{"query"} / name, "String should have at least 1 character", "string_too_short"});
  return std::string(*given);
}

bool request_check::boolean(std::string_view name, bool absent) {
  return take(of_.parameters.boolean(name, absent), absent);
}

bool request_check::dry_run() {
  const bool out = boolean("dry_run", false);
  if (out)
    require(accounts::scope::read);
  return out;
}

void request_check::look_at_names(
    std::initializer_list<std::span<const std::string_view>> declared) {
  // As routes name them: "as_of!", "account_id?", "rules*".
  constexpr std::string_view marks = "!?*";
  const auto declaration_of = [&](std::string_view name) {
    for (const auto& names : declared)
      for (const auto each : names)
        if (each.substr(0, each.find_first_of(marks)) == name)
          return each;
    return std::string_view{};
  };
  const bool has_dry_run = !declaration_of("dry_run").empty();
  std::vector<std::string_view> seen;
  std::size_t told = 0;
  const auto tell = [&](std::string_view name, const char* message, const char* type) {
    if (++told <= max_told_faults)
      faults_.push_back({location{"query"} / quoted_key(name), message, type});
  };
  for (const auto& [name, value] : of_.parameters.items()) {
    const auto declaration = declaration_of(name);
    if (declaration.empty()) {
      if (has_dry_run && starts_with_nocase(name, "dry"))
        tell(name, "This request takes no such parameter; it takes dry_run", "extra_forbidden");
    } else if (declaration.ends_with('*')) {
      continue; // any number of times
    } else if (std::ranges::find(seen, name) != seen.end()) {
      tell(name, "Give it once", "value_error");
    } else {
      seen.push_back(name);
    }
  }
}

std::optional<std::int64_t> request_check::integer(std::string_view name, std::int64_t least,
                                                   std::int64_t most) {
  return take(of_.parameters.integer(name, least, most), std::optional<std::int64_t>{});
}

std::string_view request_check::choice(std::string_view name,
                                       std::initializer_list<std::string_view> words,
                                       std::string_view absent) {
  const auto given = of_.parameters.find(name);
  if (!given)
    return absent;
  if (std::find(words.begin(), words.end(), *given) != words.end())
    return *given;
  std::string listed;
  for (const auto word : words)
    listed += (listed.empty() ? "'" : " or '") + std::string(word) + "'";
  faults_.push_back({location{"query"} / name, "Input should be " + listed, "enum"});
  return absent;
}

std::optional<micros> request_check::time(std::string_view name) {
  const auto given = of_.parameters.find(name);
  if (!given)
    return std::nullopt;
  const auto at = parse_given_time(*given);
  if (!at)
    faults_.push_back({location{"query"} / name,
                       "Input should be an RFC 3339 time such as 2026-05-20T10:00:00Z (a + in it "
                       "is %2B in a URL)",
                       "datetime_parsing"});
  return at;
}

std::optional<actors::asked_point> request_check::point(std::string_view name) {
  const auto given = of_.parameters.find(name);
  if (!given)
    return std::nullopt;
  const auto field = location{"query"} / name;
  if (auto out = actors::read_point(field, *given))
    return out;
  faults_.push_back({field,
                     "Input should be a version or an RFC 3339 time such as 2026-05-20T10:00:00Z "
                     "(a + in it is %2B in a URL)",
                     "value_error"});
  return std::nullopt;
}

std::optional<std::string> request_check::idempotency_key() {
  const auto given = of_.head.find("idempotency-key");
  if (!given)
    return std::nullopt;
  const bool visible =
      std::all_of(given->begin(), given->end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (given->empty() || given->size() > max_idempotency_key || !visible) {
    faults_.push_back({{"header", "Idempotency-Key"},
                       "Value should be 1 to 255 visible ASCII characters",
                       "value_error"});
    return std::nullopt;
  }
  return std::string(*given);
}

result<void> request_check::verdict() {
  if (faults_.empty())
    return {};
  return error{errc::validation_error, "Request validation failed", std::move(faults_)};
}

bool wants_strict(const request_head& head) {
  for (const auto& field : head.fields) {
    if (field.name != "prefer")
      continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(','), rest.size());
      const auto one = ascii_lower(trimmed(rest.substr(0, rest.substr(0, end).find(';'))));
      if (one == "handling=strict" || one == "handling=\"strict\"")
        return true;
      rest.remove_prefix(std::min(rest.size(), end + 1));
    }
  }
  return false;
}

std::string accepted_type(const request_head& head) {
  const auto accepted = head.value("accept");
  return ascii_lower(trimmed(accepted.substr(0, accepted.find_first_of(",;"))));
}

bool wants_csv(const request_head& head) {
  return prefers_csv(joined(head, "accept").value_or(std::string{}));
}

} // namespace headwater::http
