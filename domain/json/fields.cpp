#include "domain/json/fields.hpp"

#include "domain/core/text.hpp"
#include "domain/json/ignored_names.hpp"
#include "domain/json/json_number.hpp"

#include <algorithm>
#include <utility>

namespace headwater {
namespace {

std::string listed(std::span<const std::string_view> choices) {
  std::string out;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0)
      out += i + 1 == choices.size() ? " or " : ", ";
    out += "'" + std::string(choices[i]) + "'";
  }
  return out;
}

std::string counted(std::int64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

/// Checks one string or integer of a field, or one item of a list.
bool check_one(const field& spec, bool is_text, const json_item& value, const location& path,
               std::vector<fault>& faults) {
  if (is_text) {
    const auto* text = std::get_if<std::string>(&value);
    if (!text)
      faults.push_back({path, "Input should be a valid string", "string_type"});
    else if (!spec.choices.empty() && std::ranges::find(spec.choices, *text) == spec.choices.end())
      faults.push_back({path, "Input should be " + listed(spec.choices), "enum"});
    else
      return true;
    return false;
  }
  if (std::holds_alternative<std::int64_t>(value))
    return true;
  const auto* number = std::get_if<json_number>(&value);
  if (!number)
    faults.push_back({path, "Input should be a valid integer", "int_type"});
  else if (!is_integral(number->text))
    faults.push_back({path, "Input should be a valid integer, got a number with a fractional part",
                      "int_from_float"});
  else if (number->text.starts_with('-'))
    faults.push_back({path, "Input should be greater than or equal to " + std::to_string(spec.min),
                      "greater_than_equal"});
  else
    faults.push_back({path, "Input should be less than or equal to " + std::to_string(spec.max),
                      "less_than_equal"});
  return false;
}

bool check_list(const field& spec, bool is_text, const json_value& value,
                std::vector<fault>& faults) {
  const auto* list = std::get_if<json_list>(&value);
  if (!list) {
    faults.push_back({body_path(spec.name), "Input should be a valid list", "list_type"});
    return false;
  }
  bool good = true;
  for (std::size_t i = 0; i < list->items.size() && faults.size() < max_told_faults; ++i)
    good &= check_one(spec, is_text, list->items[i], body_path(spec.name) / i, faults);
  return good;
}

/// A value that is no list as an item; a list as what no item may be.
json_item as_item(const json_value& value) {
  return std::visit(
      []<class T>(const T& v) -> json_item {
        if constexpr (std::is_same_v<T, json_list>)
          return json_nested{};
        else
          return v;
      },
      value);
}

void check_characters(const field& spec, std::string_view text, std::vector<fault>& faults) {
  const auto is_bad = [&](char c) {
    const bool allowed = spec.text == text_rule::multiline && (c == '\r' || c == '\n' || c == '\t');
    return (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) && !allowed;
  };
  // C1 controls are U+0080 to U+009F, in UTF-8 C2 80 to C2 9F.
  bool bad = std::ranges::any_of(text, is_bad);
  for (auto at = text.find('\xC2'); at != text.npos && !bad; at = text.find('\xC2', at + 1))
    bad = at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
  if (bad)
    faults.push_back(
        {body_path(spec.name), "String should not contain control characters", "value_error"});
}

void check_length(const field& spec, std::string_view text, std::vector<fault>& faults) {
  const auto length = static_cast<std::int64_t>(code_points(text));
  if (length < spec.min)
    faults.push_back({body_path(spec.name),
                      "String should have at least " + counted(spec.min, "character"),
                      "string_too_short"});
  else if (length > spec.max)
    faults.push_back({body_path(spec.name),
                      "String should have at most " + counted(spec.max, "character"),
                      "string_too_long"});
}

void check_range(const field& spec, std::int64_t value, std::vector<fault>& faults) {
  if (value < spec.min)
    faults.push_back({body_path(spec.name),
                      "Input should be greater than or equal to " + std::to_string(spec.min),
                      "greater_than_equal"});
  else if (value > spec.max)
    faults.push_back({body_path(spec.name),
                      "Input should be less than or equal to " + std::to_string(spec.max),
                      "less_than_equal"});
}

void check_count(const field& spec, std::size_t size, std::vector<fault>& faults) {
  const auto count = static_cast<std::int64_t>(size);
  if (count < spec.min)
    faults.push_back({body_path(spec.name),
                      "List should have at least " + counted(spec.min, "item"), "too_short"});
  else if (count > spec.max)
    faults.push_back({body_path(spec.name), "List should have at most " + counted(spec.max, "item"),
                      "too_long"});
}

/// Writes any view but a time and an account, which differ between responses and payloads.
struct plain_writer {
  json_writer& out;

  void operator()(json_null) { out.null(); }
  void operator()(bool value) { out.boolean(value); }
  void operator()(std::int64_t value) { out.integer(value); }
  void operator()(std::string_view value) { out.string(value); }
  void operator()(std::span<const std::string> values) {
    out.begin_array();
    for (const auto& each : values)
      out.string(each);
    out.end_array();
  }
  void operator()(std::span<const std::int64_t> values) {
    out.begin_array();
    for (auto each : values)
      out.integer(each);
    out.end_array();
  }
  void operator()(const std::vector<std::string_view>& words) {
    out.begin_array();
    for (const auto each : words)
      out.string(each);
    out.end_array();
  }
};

struct resource_writer : plain_writer {
  std::string_view account_id;

  using plain_writer::operator();
  void operator()(timestamp value) { out.string(to_rfc3339_seconds(value.at)); }
  void operator()(owning_account) { out.string(account_id); }
};

struct payload_writer : plain_writer {
  using plain_writer::operator();
  void operator()(timestamp value) { out.integer(value.at); }
  void operator()(owning_account) { out.null(); }
};

} // namespace

location body_path(std::string_view name) {
  return location{"body"} / name;
}

error validation_failure(std::vector<fault> faults) {
  std::string message =
      "Validation failed: " + to_string(faults.front().at) + ": " + faults.front().message;
  if (faults.size() > 1)
    message += " (and " + std::to_string(faults.size() - 1) + " more)";
  return {errc::validation_error, std::move(message), std::move(faults)};
}

bool read_report::has_fault(std::string_view name) const {
  if (faults.empty())
    return false;
  const auto path = body_path(name);
  return std::ranges::any_of(faults, [&](const fault& each) {
    return path.contains(each.at) || each.at == location{"body"};
  });
}

namespace detail {
namespace {

/// Whether it is no integer, or one that canonical JSON has.
template <class Value>
bool is_canonical(const Value& value) {
  constexpr auto most = (std::int64_t{1} << 53) - 1;
  const auto* number = std::get_if<std::int64_t>(&value);
  return !number || (*number >= -most && *number <= most);
}

bool is_canonical_list(const json_value& value) {
  const auto* list = std::get_if<json_list>(&value);
  return !list || std::ranges::all_of(list->items, is_canonical<json_item>);
}

} // namespace

bool check_type(const field& spec, const json_value& value, std::vector<fault>& faults) {
  if (spec.nullable && std::holds_alternative<json_null>(value))
    return true;
  switch (spec.kind) {
  case field_kind::string:
  case field_kind::integer:
  case field_kind::timestamp:
    return check_one(spec, spec.kind == field_kind::string, as_item(value), body_path(spec.name),
                     faults);
  case field_kind::boolean:
    if (std::holds_alternative<bool>(value))
      return true;
    faults.push_back({body_path(spec.name), "Input should be a valid boolean", "bool_type"});
    return false;
  case field_kind::string_list:
  case field_kind::integer_list:
    return check_list(spec, spec.kind == field_kind::string_list, value, faults);
  }
  return false;
}

void check_limit(const field& spec, const field_view& value, std::vector<fault>& faults) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    check_length(spec, *text, faults);
    check_characters(spec, *text, faults);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    check_range(spec, *integer, faults);
  } else if (const auto* texts = std::get_if<std::span<const std::string>>(&value)) {
    check_count(spec, texts->size(), faults);
  } else if (const auto* integers = std::get_if<std::span<const std::int64_t>>(&value)) {
    check_count(spec, integers->size(), faults);
  } else if (const auto* words = std::get_if<std::vector<std::string_view>>(&value)) {
    check_count(spec, words->size(), faults);
  }
}

std::vector<std::string> unknown_members(const draft& from,
                                         std::span<const std::string_view> known) {
  ignored_names names;
  for (const auto& member : from.members)
    if (std::ranges::find(known, member.name) == known.end())
      names.add(quoted_key(member.name));
  return names.all();
}

read_report begin_report(const draft& from, std::span<const std::string_view> known, bool strict) {
  read_report report{from.faults, unknown_members(from, known)};
  if (strict)
    refuse_unknown(std::exchange(report.ignored_fields, {}), report.faults);
  return report;
}

void report_missing(const field& spec, read_report& report) {
  report.faults.push_back({body_path(spec.name), "Field required", "missing"});
}

bool is_sent(const field& spec, const json_value* value, read_mode mode) {
  if (!value || spec.read_only)
    return false;
  const bool is_null = std::holds_alternative<json_null>(*value);
  if (mode == read_mode::create)
    return !is_null || spec.nullable || spec.required; // a required field's null is a fault
  return !spec.create_only && (spec.nullable || !is_null);
}

result<void> verdict(read_report& report, std::span<const std::string_view> order) {
  if (report.faults.empty())
    return boost::system::in_place_value;
  const auto place = [&](const fault& each) {
    const auto& steps = each.at.steps();
    const auto* name = steps.size() > 1 ? std::get_if<std::string>(&steps[1]) : nullptr;
    return std::ranges::find(order, name ? *name : std::string_view{}) - order.begin();
  };
  std::ranges::stable_sort(report.faults, {}, place);
  return validation_failure(std::move(report.faults));
}

void write_value(json_writer& out, const field_view& value, std::string_view account_id) {
  std::visit(resource_writer{{out}, account_id}, value);
}

void write_canonical(json_writer& out, const field_view& value) {
  std::visit(payload_writer{{out}}, value);
}

result<draft> payload_members(std::string_view json) {
  auto members = parse_draft(json);
  if (!members)
    return error(errc::corrupt_log, "payload: " + members.error().message);
  return members;
}

result<void> check_payload_members(const draft& members, std::span<const std::string_view> names) {
  if (!members.faults.empty())
    return error(errc::corrupt_log, "payload: " + to_string(members.faults.front().at) + ": " +
                                        members.faults.front().message);
  for (auto name : names)
    if (!members.find(name))
      return error(errc::corrupt_log, "payload: no member " + std::string(name));
  if (members.members.size() != names.size())
    return error(errc::corrupt_log, "payload: a member that its schema does not have");
  return boost::system::in_place_value;
}

result<void> check_payload_type(const field& spec, const json_value& value) {
  std::vector<fault> faults;
  if (!is_canonical(value) || !is_canonical_list(value))
    return error(errc::corrupt_log, "payload: " + std::string(spec.name) +
                                        ": an integer that canonical JSON does not have");
  if (check_type(spec, value, faults))
    return boost::system::in_place_value;
  return error(errc::corrupt_log,
               "payload: " + to_string(faults.front().at) + ": " + faults.front().message);
}

} // namespace detail
} // namespace headwater
