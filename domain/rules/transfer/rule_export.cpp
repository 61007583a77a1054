#include "domain/rules/transfer/rule_export.hpp"

#include "domain/core/csv.hpp"
#include "domain/core/time.hpp"

namespace headwater::attribution {
namespace {

/// Whether import would remove an apostrophe in front of this text.
bool follows_a_guard(std::string_view text) {
  return looks_like_formula(text) || text.starts_with('\'');
}

struct cell_writer {
  std::string& out;
  std::string_view account_id;
  bool is_nullable;

  void operator()(json_null) const {}
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) const { out += std::to_string(value); }
  void operator()(timestamp value) const { out += to_rfc3339_seconds(value.at); }
  void operator()(owning_account) const { append_csv_field(out, guarded(account_id)); }
  void operator()(std::string_view value) const {
    if (value.empty() && is_nullable)
      out += "\"\"";
    else
      append_csv_field(out, guarded(value));
  }
  // Rules have no lists.
  void operator()(std::span<const std::string>) const {}
  void operator()(std::span<const std::int64_t>) const {}
  void operator()(const std::vector<std::string_view>&) const {}
};

} // namespace

std::string guarded(std::string_view text) {
  const bool is_guarded = text.starts_with('\'') && follows_a_guard(text.substr(1));
  return (looks_like_formula(text) || is_guarded ? "'" : "") + std::string(text);
}

std::string_view unguarded(std::string_view text) {
  if (text.starts_with('\'') && follows_a_guard(text.substr(1)))
    text.remove_prefix(1);
  return text;
}

template <class Rule>
void append_csv_header(std::string& out) {
  std::string_view separator;
  for (const auto& field : fields_of<Rule>()) {
    out += separator;
    append_csv_field(out, field.spec.name);
    separator = ",";
  }
  out += "\r\n";
}

template <class Rule>
void append_csv_row(std::string& out, const Rule& rule, std::string_view account_id) {
  std::string_view separator;
  for (const auto& field : fields_of<Rule>()) {
    out += separator;
    std::visit(cell_writer{out, account_id, field.spec.nullable}, field.get(rule));
    separator = ",";
  }
  out += "\r\n";
}

template void append_csv_header<passthrough_referrer>(std::string&);
template void append_csv_header<referrer_mapping>(std::string&);
template void append_csv_row(std::string&, const passthrough_referrer&, std::string_view);
template void append_csv_row(std::string&, const referrer_mapping&, std::string_view);

} // namespace headwater::attribution
