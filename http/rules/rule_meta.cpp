#include "http/rules/rule_meta.hpp"

#include "domain/json/json_writer.hpp"
#include "domain/rules/passthrough_referrer.hpp"
#include "domain/rules/referrer_mapping.hpp"

namespace headwater::http {

namespace {

void write_ignored(json_writer& out, const std::vector<std::string>& names) {
  if (names.empty())
    return;
  out.key("ignored_fields").begin_array();
  for (const auto& name : names)
    out.string(name);
  out.end_array();
}

void write_normalised(json_writer& out, const attribution::normalised_rows& rows) {
  if (rows.count == 0)
    return;
  out.key("normalised").begin_array();
  for (const auto& each : rows.told) {
    out.begin_object().member("line", static_cast<std::int64_t>(each.line));
    write_members(out, each.text);
    out.end_object();
  }
  out.end_array().member("normalised_count", rows.count);
}

} // namespace

std::string list_meta(std::uint64_t version, std::string_view as_of) {
  json_writer out;
  out.begin_object();
  if (!as_of.empty())
    out.key("as_of").raw(as_of);
  out.member("version", static_cast<std::int64_t>(version)).end_object();
  return std::move(out).str();
}

std::string rule_meta(const std::vector<std::string>& ignored,
                      const std::optional<attribution::normalised_text>& normalised) {
  if (ignored.empty() && !normalised)
    return {};
  json_writer out;
  out.begin_object();
  write_ignored(out, ignored);
  if (normalised) {
    out.key("normalised").begin_array().begin_object();
    write_members(out, *normalised);
    out.end_object().end_array();
  }
  out.end_object();
  return std::move(out).str();
}

template <class Rule>
std::string import_meta(const attribution::import_rows<Rule>& of) {
  if (of.ignored_fields.empty() && of.normalised.count == 0 && of.delimiter == 0)
    return {};
  json_writer out;
  out.begin_object();
  write_ignored(out, of.ignored_fields);
  write_normalised(out, of.normalised);
  if (of.delimiter != 0)
    out.member("delimiter", std::string_view(&of.delimiter, 1));
  out.end_object();
  return std::move(out).str();
}

template <class Rule>
std::string change_meta(const attribution::chosen_change<Rule>& of) {
  if (of.ignored_fields.empty() && of.normalised.empty())
    return {};
  json_writer out;
  out.begin_object();
  write_ignored(out, of.ignored_fields);
  if (!of.normalised.empty()) {
    out.key("normalised").begin_array();
    for (const auto& each : of.normalised) {
      out.begin_object().member("id", each.id);
      write_members(out, each.text);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
  return std::move(out).str();
}

template std::string
import_meta(const attribution::import_rows<attribution::passthrough_referrer>&);
template std::string import_meta(const attribution::import_rows<attribution::referrer_mapping>&);
template std::string
change_meta(const attribution::chosen_change<attribution::passthrough_referrer>&);
template std::string change_meta(const attribution::chosen_change<attribution::referrer_mapping>&);

} // namespace headwater::http
