// Implements read_csv_rows() of import_collector.hpp: the document of an import as CSV.

#include "domain/core/csv.hpp"
#include "domain/core/text.hpp"
#include "domain/json/json_number.hpp"
#include "domain/rules/transfer/import_collector.hpp"
#include "domain/rules/transfer/rule_export.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace headwater::attribution {
namespace {

std::optional<bool> boolean_of(std::string_view text) {
  const auto word = ascii_lower(text);
  for (std::string_view yes : {"true", "1", "yes", "on"})
    if (word == yes)
      return true;
  for (std::string_view no : {"false", "0", "no", "off"})
    if (word == no)
      return false;
  return std::nullopt;
}

std::optional<json_value> integer_value(std::string_view text) {
  const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != digits.npos)
    return std::nullopt;
  if (const auto value = integer_of(text))
    return *value;
  return json_number{std::string(text)};
}

/// Puts one cell into the draft of its row. An empty cell is null if the field allows null, the
/// empty text if the field is a text, and otherwise left out.
void take_cell(const field& spec, const csv_field& cell, draft& row) {
  const auto name = std::string(spec.name);
  const auto put = [&](json_value value) { row.members.push_back({name, std::move(value)}); };
  const auto fails = [&](const char* message, const char* type) {
    row.faults.push_back({body_path(name), message, type});
  };
  const auto word = trimmed(cell.text);
  if (spec.kind == field_kind::boolean || spec.kind == field_kind::integer) {
    if (word.empty())
      return;
    if (spec.kind == field_kind::integer) {
      if (auto value = integer_value(word))
        put(std::move(*value));
      else
        fails("Input should be a valid integer, unable to parse string as an integer",
              "int_parsing");
    } else if (const auto value = boolean_of(word)) {
      put(*value);
    } else {
      fails("Input should be a valid boolean, unable to interpret input", "bool_parsing");
    }
  } else if (!spec.choices.empty()) {
    if (!word.empty())
      put(std::string(word));
  } else if (spec.nullable && !cell.is_quoted && cell.text.empty()) {
    put(json_null{});
  } else {
    put(std::string(unguarded(cell.text)));
  }
}

/// The columns of a document by its header; null for a column that is not used.
template <class Rule>
class columns {
public:
  columns(const std::vector<csv_field>& header, std::size_t line, import_collector<Rule>& into) {
    for (const auto& each : header)
      add(std::string(trimmed(each.text)), line, into);
    for (const auto& field : fields_of<Rule>())
      if (field.spec.required && !seen_.contains(&field.spec))
        into.report({body_path(field.spec.name), missing(header), "missing",
                     static_cast<std::int64_t>(line)});
  }

  [[nodiscard]] draft row_of(const std::vector<csv_field>& record) const {
    draft row;
    if (record.size() != fields_.size()) {
      row.faults.push_back({{"body"},
                            "Row should have " + std::to_string(fields_.size()) +
                                " fields, as the header has, and has " +
                                std::to_string(record.size()),
                            "value_error"});
      return row;
    }
    for (std::size_t i = 0; i < record.size(); ++i)
      if (fields_[i])
        take_cell(*fields_[i], record[i], row);
    return row;
  }

private:
  void add(const std::string& name, std::size_t line, import_collector<Rule>& into) {
    const field* found = nullptr;
    for (const auto& each : fields_of<Rule>())
      if (each.spec.name == name)
        found = &each.spec;
    // Of the fields that a client cannot set, only these two are used, because they identify the
    // rule.
    const bool is_of_use = found && (!found->read_only || name == "id" || name == "account_id");
    if (!found)
      into.unknown(name, line);
    else if (is_of_use && !seen_.insert(found).second)
      into.report({body_path(name), "Column is given twice", "value_error",
                   static_cast<std::int64_t>(line)});
    fields_.push_back(is_of_use ? found : nullptr);
  }

  static std::string missing(const std::vector<csv_field>& header) {
    return header.size() == 1
               ? "Column required; columns should be separated by commas, semicolons or tabs"
               : "Column required";
  }

  std::vector<const field*> fields_; // null: a column that is not used
  std::set<const field*> seen_;
};

/// How many fields the header names if this separates its columns.
template <class Rule>
std::ptrdiff_t names_with(std::string_view text, char delimiter) {
  csv_reader reader(text, {.delimiter = delimiter});
  std::vector<csv_field> header;
  if (const auto more = reader.next(header); !more || !*more)
    return 0;
  return std::ranges::count_if(header, [](const csv_field& each) {
    const auto name = trimmed(each.text);
    return std::ranges::any_of(fields_of<Rule>(),
                               [&](const auto& field) { return field.spec.name == name; });
  });
}

/// What separates the columns: spreadsheets write a comma, a semicolon or a tab, as the language of
/// their user has it. The one under which the header names the most fields; a comma if in doubt.
template <class Rule>
char delimiter_of(std::string_view text) {
  return std::ranges::max(std::array{',', ';', '\t'}, {},
                          [&](char each) { return names_with<Rule>(text, each); });
}

} // namespace

template <class Rule>
result<void> read_csv_rows(std::string_view text, import_collector<Rule>& into) {
  const auto delimiter = delimiter_of<Rule>(text);
  csv_reader reader(text, {.delimiter = delimiter});
  into.separated_by(delimiter);
  std::vector<csv_field> record;
  auto more = reader.next(record);
  if (more && !*more)
    return error(errc::bad_request, "The body is not valid CSV: it has no header row");
  if (!more)
    return more.error();
  const columns<Rule> header(record, reader.line(), into);
  const bool is_usable = !into.is_faulty(); // else each row would repeat the fault
  for (;;) {
    more = reader.next(record);
    if (!more)
      return more.error();
    if (!*more)
      return boost::system::in_place_value;
    if (is_usable)
      into.add(header.row_of(record), reader.line());
  }
}

template result<void> read_csv_rows(std::string_view, import_collector<passthrough_referrer>&);
template result<void> read_csv_rows(std::string_view, import_collector<referrer_mapping>&);

} // namespace headwater::attribution
