#pragma once

// The fields of a resource, declared once. One table drives parsing, validation, rendering, the
// codec of events and OpenAPI. Tables are constants; every function here is pure.
//
// A change goes: read_draft (types) -> normalise, by the resource -> check_limits -> sorted faults.

#include "domain/core/error.hpp"
#include "domain/json/field_access.hpp"
#include "domain/json/json_value.hpp"
#include "domain/json/json_writer.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater {

enum class field_kind : std::uint8_t {
  string = 1,
  integer,
  boolean,
  timestamp, ///< shown as YYYY-MM-DDTHH:MM:SSZ
  string_list,
  integer_list,
};

/// Which control characters a string may have. NUL is never allowed.
enum class text_rule : std::uint8_t {
  line = 1,  ///< none
  multiline, ///< CR, LF and TAB
};

inline constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

/// Describes a field. `min` and `max` limit the length of a string in code points, the value of an
/// integer, or the length of a list. The default of a field that is not required is what a fresh
/// resource (T{}) holds: see default_json.
struct field {
  std::string_view name;
  field_kind kind = field_kind::string;
  std::string_view description = {};
  std::string_view example = {}; ///< JSON text
  std::int64_t min = 0;
  std::int64_t max = no_limit;
  std::span<const std::string_view> choices = {}; ///< of a string, or of a list's items
  std::string_view pattern = {};                  ///< ECMA regex, for documentation only
  bool required = false;                          ///< on create
  bool nullable = false;    ///< null is a value of its own, to which a PATCH resets the field
  bool read_only = false;   ///< ignored without notice if sent
  bool create_only = false; ///< ignored without notice in a PATCH
  bool write_only = false;  ///< never rendered
  text_rule text = text_rule::line;
};

/// A field and how to reach it in a T.
template <class T>
struct bound_field {
  field spec;
  field_view (*get)(const T&);
  /// The value must already fit the field's kind and choices.
  void (*set)(T&, const json_value&);
};

template <class T>
using field_table = std::span<const bound_field<T>>;

/// The table of a resource; each resource specialises it. Fields are in the order in which they are
/// shown.
template <class T>
[[nodiscard]] field_table<T> fields_of();

/// Binds a field to a path of members: bind<&rule::utm, &utm_values::source>({...}).
template <auto First, auto... Rest>
[[nodiscard]] constexpr auto bind(field spec) {
  using owner = detail::owner_of<decltype(First)>;
  return bound_field<owner>{
      spec, [](const owner& from) -> field_view { return view_of(((from.*First).*....*Rest)); },
      [](owner& to, const json_value& value) { assign(((to.*First).*....*Rest), value); }};
}

/// The same for a member in microseconds that is shown as a time.
template <auto Member>
[[nodiscard]] constexpr auto bind_time(field spec) {
  using owner = detail::owner_of<decltype(Member)>;
  spec.kind = field_kind::timestamp;
  return bound_field<owner>{
      spec, [](const owner& from) -> field_view { return time_view_of(from.*Member); },
      [](owner& to, const json_value& value) { assign(to.*Member, value); }};
}

/// A field that shows the account that owns the resource; see write_resource.
template <class T>
[[nodiscard]] constexpr bound_field<T> bind_owner(field spec) {
  return {spec, [](const T&) -> field_view { return owning_account{}; },
          [](T&, const json_value&) {}};
}

enum class read_mode : std::uint8_t {
  create = 1, ///< required fields must be there; null is "not given" for any other
  patch,      ///< absent and (unless nullable) null leave a field as it is
};

/// The result of reading a draft. `ignored_fields` names the unknown members.
struct read_report {
  std::vector<fault> faults;
  std::vector<std::string> ignored_fields;

  /// Whether the field, an item of it or the body as a whole has a fault.
  [[nodiscard]] bool has_fault(std::string_view name) const;
};

/// Copies those fields of a draft whose JSON type and choice are right into `into`. Reports faults
/// of all others, and the draft's own faults. `strict` makes unknown fields faults
/// ("extra_forbidden").
template <class T>
[[nodiscard]] read_report read_draft(const draft& from, read_mode mode, bool strict, T& into);

/// The members of a draft that are not in T's table; read_draft() ignores them.
template <class T>
[[nodiscard]] std::vector<std::string> unknown_fields(const draft& from);

/// Checks lengths, ranges and characters of the whole resource, except where a field has a fault.
template <class T>
void check_limits(const T& value, read_report& report);

/// errc::validation_error with the faults in the order of the table; no error if there are none.
template <class T>
[[nodiscard]] result<void> verdict(read_report& report);

/// Appends the resource as a JSON object in the table's order, write-only fields left out.
template <class T>
void write_resource(json_writer& out, const T& value, std::string_view account_id);

/// The default of a field as JSON text; empty for a required or read-only one.
template <class T>
[[nodiscard]] std::string default_json(const bound_field<T>& of);

/// Appends the named fields as one canonical object, with times in microseconds. `names` must be in
/// ascending order.
template <class T>
void write_payload(json_writer& out, const T& value, std::span<const std::string_view> names);

/// Reads what write_payload wrote. errc::corrupt_log if a name is missing or unknown, or its value
/// has the wrong type. Today's limits are not checked, because they may have been different then.
template <class T>
[[nodiscard]] result<T> read_payload(std::string_view json,
                                     std::span<const std::string_view> names);
/// The same for a payload whose members have already been read.
template <class T>
[[nodiscard]] result<T> read_payload(const draft& members, std::span<const std::string_view> names);

/// errc::validation_error with all the faults; its message names the first.
[[nodiscard]] error validation_failure(std::vector<fault> faults);

/// The place of a member of the body.
[[nodiscard]] location body_path(std::string_view name);

} // namespace headwater

#include "domain/json/fields_impl.hpp"
