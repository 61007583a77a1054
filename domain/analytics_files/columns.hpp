#pragma once

// Which column of an export is which field of a row: by the names that GA4 and Adobe Analytics use,
// and by rules that a person gives. Pure, any thread.

#include "domain/core/error.hpp"
#include "domain/referrals/row_builder.hpp"

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::analytics_files {

using referrals::row_field;

/// A person's rule for a column; row_field::unknown: leave it out. If a header has a name more than
/// once, "Views#2" is the second column of that name.
struct column_rule {
  std::string column;
  row_field field = row_field::unknown;
};

/// Reads "column=field", with the field as the API names it, or empty. errc::bad_request.
[[nodiscard]] result<column_rule> read_column_rule(std::string_view text);

/// A metric that rows lack because a rule leaves out its column.
struct emptied_metric {
  std::string column;
  row_field field = row_field::unknown;

  auto operator<=>(const emptied_metric&) const = default;
};

/// What a header says: the field of each column.
struct column_plan {
  std::vector<row_field> fields;
  std::vector<std::string> names;
  std::vector<emptied_metric> emptied = {};

  [[nodiscard]] std::string_view name_of(row_field field) const;
};

class column_names {
public:
  column_names() = default;
  explicit column_names(std::vector<column_rule> rules);

  /// What the rules say about a column, or the field that its name is known for; case, spaces and
  /// "_/+-" do not count. `is_told` says whether a rule decided. If two rules match, the later one
  /// counts.
  [[nodiscard]] row_field field_of(std::string_view column, bool* is_told = nullptr) const;

  /// The metric that a column's name alone stands for; unknown for any other column.
  [[nodiscard]] static row_field known_metric(std::string_view column);

  /// Reads a header. A column that a rule names wins over known names of the same field, and a rule
  /// for one of several columns with the same name wins over a rule for all of them. Errors
  /// (errc::bad_request, in words for a person): no column for date, referrer or page, or for any
  /// metric; two columns for one field; a rule whose column does not exist.
  [[nodiscard]] result<column_plan> plan(std::vector<std::string> header) const;

  /// How many of date, referrer and page the names contain; distinguishes a header from other
  /// lines.
  [[nodiscard]] int required_among(std::span<const std::string> header) const;

private:
  struct folded_rule {
    std::string name;
    column_rule rule;
  };

  enum class source : std::uint8_t { known_name = 1, rule, numbered_rule };

  struct reading {
    row_field field = row_field::unknown;
    source by = source::known_name;
  };

  /// What the rules and the names say about each column.
  [[nodiscard]] std::vector<reading> read(std::span<const std::string> header) const;
  [[nodiscard]] result<void> check_rules(std::span<const std::string> header) const;
  [[nodiscard]] static result<void> assign(row_field field, std::span<const reading> readings,
                                           column_plan& to);

  std::vector<folded_rule> rules_;
};

} // namespace headwater::analytics_files
