#include "tools/log/diff_report.hpp"

#include "domain/rules/rule_kind.hpp"
#include "tools/api/answer_json.hpp"

#include <iostream>
#include <utility>

namespace headwater::tools {
namespace {

using json = rapidjson::Value;

/// The lists of a difference, and their marks.
constexpr std::pair<char, const char*> lists[] = {
    {'+', "added"}, {'-', "removed"}, {'~', "changed"}};

std::string point_text(const json& at) {
  const auto version = "version " + quoted(member(at, "version"));
  const auto& time = member(at, "time");
  return time.IsNull() ? version + " (before the first event)" : version + " (" + shown(time) + ")";
}

void print_touch(const json& of) {
  std::cout << "  by " << shown(member(of, "by"));
  if (const auto name = of.FindMember("by_name"); name != of.MemberEnd() && name->value.IsString())
    std::cout << " (" << shown(name->value) << ')';
  std::cout << " at " << shown(member(of, "at")) << ", version " << number_of(member(of, "version"))
            << '\n';
}

template <class Kind>
std::string head_of(char sign, Kind kind, const json& rule) {
  return std::string{sign} + ' ' + std::string(kind.words) + ' ' + quoted(member(rule, "id")) +
         ' ' + printable(quoted(member(rule, kind.unique_field.data())));
}

/// The values of an added or removed rule, without those that every rule has.
void print_values(const json& rule) {
  for (const auto& [name, value] : rule.GetObject()) {
    const std::string_view field{name.GetString(), name.GetStringLength()};
    const bool is_told = field == "id" || field == "account_id" || field == "domain" ||
                         field == "referrer_pattern" || field == "by" || field == "by_name" ||
                         field == "at" || field == "version" || field == "created_at" ||
                         field == "updated_at";
    const bool is_empty = value.IsNull() || (value.IsString() && value.GetStringLength() == 0);
    if (!is_told && !is_empty)
      std::cout << "    " << field << ": " << printable(quoted(value)) << '\n';
  }
}

void print_changes(const json& changes) {
  for (const auto& [name, change] : changes.GetObject())
    std::cout << "    " << shown(name) << ": " << printable(quoted(member(change, "from")))
              << " -> " << printable(quoted(member(change, "to"))) << '\n';
}

/// Returns how many rules it has printed.
template <class Kind>
std::size_t print_kind(Kind kind, const json& of) {
  std::size_t told = 0;
  for (const auto& [sign, name] : lists) {
    const auto& list = member(of, name);
    for (const auto& each : list.GetArray()) {
      ++told;
      std::cout << head_of(sign, kind, each);
      print_touch(each);
      if (sign == '~')
        print_changes(member(each, "changes"));
      else
        print_values(each);
    }
  }
  return told;
}

/// Whether anything has changed.
bool print_settings(const json& of) {
  const auto& changes = member(of, "changes");
  if (!changes.IsObject() || changes.ObjectEmpty())
    return false;
  std::cout << "~ attribution settings";
  print_touch(of);
  print_changes(changes);
  return true;
}

} // namespace

void print_diff(const std::string& account, const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  std::cout << "account " << account << " from " << point_text(member(document, "from")) << " to "
            << point_text(member(document, "to")) << '\n';
  std::size_t told = 0;
  attribution::each_rule_kind(
      [&](auto kind) { told += print_kind(kind, member(document, kind.names.data())); });
  told += print_settings(member(document, "attribution")) ? 1 : 0;
  if (told == 0)
    std::cout << "the rules and settings are the same\n";
}

} // namespace headwater::tools
