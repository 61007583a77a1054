#pragma once

#include "domain/core/try.hpp"

// The templates of fields.hpp; only that header includes this one, at its end. The work that does
// not depend on the resource is in fields.cpp.

#include <cstdlib>

namespace headwater {
namespace detail {

/// Checks JSON type and choice of one sent value. Reports and returns false if they are wrong.
[[nodiscard]] bool check_type(const field& spec, const json_value& value,
                              std::vector<fault>& faults);

/// Checks one value of a resource against the field's limits.
void check_limit(const field& spec, const field_view& value, std::vector<fault>& faults);

[[nodiscard]] std::vector<std::string> unknown_members(const draft& from,
                                                       std::span<const std::string_view> known);

/// Begins a report: with the draft's own faults, and each unknown member as ignored or, if
/// `strict`, as a fault.
[[nodiscard]] read_report begin_report(const draft& from, std::span<const std::string_view> known,
                                       bool strict);

void report_missing(const field& spec, read_report& report);

/// Whether there is a sent value to take over.
[[nodiscard]] bool is_sent(const field& spec, const json_value* value, read_mode mode);

[[nodiscard]] result<void> verdict(read_report& report, std::span<const std::string_view> order);

void write_value(json_writer& out, const field_view& value, std::string_view account_id);
void write_canonical(json_writer& out, const field_view& value);

/// Parses a payload; errc::corrupt_log.
[[nodiscard]] result<draft> payload_members(std::string_view json);
/// Whether the members of a payload are exactly `names`.
[[nodiscard]] result<void> check_payload_members(const draft& members,
                                                 std::span<const std::string_view> names);
[[nodiscard]] result<void> check_payload_type(const field& spec, const json_value& value);

template <class T>
[[nodiscard]] std::vector<std::string_view> names_of(field_table<T> table) {
  std::vector<std::string_view> names;
  for (const auto& each : table)
    names.push_back(each.spec.name);
  return names;
}

/// Ends the program if the table does not have the name, which would be our own mistake.
template <class T>
[[nodiscard]] const bound_field<T>& field_named(std::string_view name) {
  for (const auto& each : fields_of<T>())
    if (each.spec.name == name)
      return each;
  std::abort();
}

} // namespace detail

template <class T>
read_report read_draft(const draft& from, read_mode mode, bool strict, T& into) {
  const auto table = fields_of<T>();
  auto report = detail::begin_report(from, detail::names_of<T>(table), strict);
  for (const auto& each : table) {
    const auto* value = from.find(each.spec.name);
    if (mode == read_mode::create && each.spec.required && !value &&
        !report.has_fault(each.spec.name))
      detail::report_missing(each.spec, report);
    if (detail::is_sent(each.spec, value, mode) && !report.has_fault(each.spec.name) &&
        detail::check_type(each.spec, *value, report.faults))
      each.set(into, *value);
  }
  return report;
}

template <class T>
std::vector<std::string> unknown_fields(const draft& from) {
  return detail::unknown_members(from, detail::names_of<T>(fields_of<T>()));
}

template <class T>
void check_limits(const T& value, read_report& report) {
  for (const auto& each : fields_of<T>())
    if (!each.spec.read_only && !report.has_fault(each.spec.name))
      detail::check_limit(each.spec, each.get(value), report.faults);
}

template <class T>
result<void> verdict(read_report& report) {
  return detail::verdict(report, detail::names_of<T>(fields_of<T>()));
}

template <class T>
void write_resource(json_writer& out, const T& value, std::string_view account_id) {
  out.begin_object();
  for (const auto& each : fields_of<T>()) {
    if (each.spec.write_only)
      continue;
    out.plain_key(each.spec.name);
    detail::write_value(out, each.get(value), account_id);
  }
  out.end_object();
}

template <class T>
std::string default_json(const bound_field<T>& of) {
  if (of.spec.required || of.spec.read_only)
    return {};
  json_writer out;
  const T fresh{};
  detail::write_value(out, of.get(fresh), {});
  return std::move(out).str();
}

template <class T>
void write_payload(json_writer& out, const T& value, std::span<const std::string_view> names) {
  out.begin_object();
  for (auto name : names) {
    out.plain_key(name);
    detail::write_canonical(out, detail::field_named<T>(name).get(value));
  }
  out.end_object();
}

template <class T>
result<T> read_payload(std::string_view json, std::span<const std::string_view> names) {
  TRY(auto members, detail::payload_members(json));
  return read_payload<T>(members, names);
}

template <class T>
result<T> read_payload(const draft& members, std::span<const std::string_view> names) {
  CHECK(detail::check_payload_members(members, names));
  T value{};
  for (const auto& member : members.members) {
    const auto& field = detail::field_named<T>(member.name);
    CHECK(detail::check_payload_type(field.spec, member.value));
    field.set(value, member.value);
  }
  return value;
}

} // namespace headwater
