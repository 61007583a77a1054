#include "domain/rules/transfer/rule_import_reader.hpp"

#include "domain/core/try.hpp"
#include "domain/json/json_rows.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/transfer/import_collector.hpp"

#include <algorithm>
#include <array>

namespace headwater::attribution {
namespace {

/// A list of rules, or an object that has the list under its name, directly or within "data", as in
/// every answer of the API.
template <class Rule>
class json_document final : public json_rows {
public:
  explicit json_document(const import_options& options) : options_(options), rows_(options) {}

  void reset() override {
    rows_ = import_collector<Rule>(options_);
    found_ = false;
  }

  void member(std::string_view path) override {
    auto name = path;
    if (name.starts_with("data."))
      name.remove_prefix(5);
    // Anything deeper is part of a member already reported.
    if (name.find('.') == name.npos && std::ranges::find(known_names, name) == known_names.end())
      rows_.unknown(path, 0);
  }

  void twice(std::string_view path) override {
    rows_.report({body_path(path), "Key is given twice", "value_error"});
  }

  bool begin_list(std::string_view path) override {
    if (!is_place(path))
      return false;
    if (std::exchange(found_, true))
      rows_.report({path_of(path), "Rules are given twice", "value_error"});
    return true;
  }

  void row(draft element, std::size_t line) override { rows_.add(element, line); }

  void value(std::string_view path, const json_item&) override {
    if (!is_place(path))
      return;
    found_ = true;
    rows_.report({path_of(path), "Input should be a valid list", "list_type"});
  }

  [[nodiscard]] result<import_rows<Rule>> finish() && {
    if (!found_)
      rows_.report({body_path(rule_kind<Rule>::list_name), "Field required", "missing"});
    return std::move(rows_).finish();
  }

private:
  static bool is_place(std::string_view path) {
    if (path.starts_with("data."))
      path.remove_prefix(5);
    return path.empty() || path == rule_kind<Rule>::list_name;
  }
  static location path_of(std::string_view path) {
    return path.empty() ? location{"body"} : body_path(path);
  }

  static constexpr std::array<std::string_view, 7> known_names{
      rule_kind<Rule>::list_name, "success", "data", "meta", "total", "active_count", "version"};

  const import_options& options_;
  import_collector<Rule> rows_;
  bool found_ = false;
};

} // namespace

template <class Rule>
result<import_rows<Rule>> read_import(std::string_view text, import_format format,
                                      const import_options& options) {
  if (format == import_format::csv) {
    import_collector<Rule> rows(options);
    CHECK(read_csv_rows(text, rows));
    return std::move(rows).finish();
  }
  // The parser itself stops at the default, so only a lower limit needs an extra check.
  if (options.most_levels < max_json_depth && nested_deeper_than(text, options.most_levels))
    return error(errc::bad_request, "The body is nested deeper than " +
                                        std::to_string(options.most_levels) + " levels");
  json_document<Rule> document(options);
  CHECK(read_json_rows(text, document));
  return std::move(document).finish();
}

template result<import_rows<passthrough_referrer>> read_import(std::string_view, import_format,
                                                               const import_options&);
template result<import_rows<referrer_mapping>> read_import(std::string_view, import_format,
                                                           const import_options&);

} // namespace headwater::attribution
