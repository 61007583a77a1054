#include "tools/rules/rules_report.hpp"

#include "tools/api/answer_json.hpp"

#include <iostream>

namespace headwater::tools {
namespace {

using json = rapidjson::Value;

/// A rule's text: its pattern or its domain.
std::string name_of(const json& rule) {
  const auto& pattern = member(rule, "referrer_pattern");
  return printable(quoted(pattern.IsString() ? pattern : member(rule, "domain")));
}

void print_rest(const json& list, std::int64_t all) {
  if (list.IsArray() && all > list.Size())
    std::cout << "  ... and " << all - list.Size() << " more\n";
}

void print_preview(const json& data) {
  const auto& preview = member(data, "preview");
  const auto& added = member(preview, "added");
  if (added.IsArray())
    for (const auto& each : added.GetArray())
      std::cout << "  + line " << number_of(member(each, "line")) << ": "
                << name_of(member(each, "rule")) << '\n';
  print_rest(added, number_of(member(data, "added")));
  const auto& changed = member(preview, "changed");
  if (changed.IsArray())
    for (const auto& each : changed.GetArray()) {
      std::cout << "  ~ line " << number_of(member(each, "line")) << ": rule "
                << number_of(member(each, "id")) << ' ' << name_of(each);
      const auto& changes = member(each, "changes");
      if (changes.IsObject())
        for (const auto& [name, change] : changes.GetObject())
          std::cout << ", " << shown(name) << ' ' << printable(quoted(member(change, "from")))
                    << " -> " << printable(quoted(member(change, "to")));
      std::cout << '\n';
    }
  print_rest(changed, number_of(member(data, "changed")));
  const auto& removed = member(preview, "removed");
  if (removed.IsArray())
    for (const auto& each : removed.GetArray())
      std::cout << "  - rule " << number_of(member(each, "id")) << ' ' << name_of(each) << '\n';
  print_rest(removed, number_of(member(data, "removed")));
}

void print_ignored(const json& names) {
  if (!names.IsArray())
    return;
  std::cerr << "ignored, because no field has such a name:";
  for (const auto& each : names.GetArray())
    std::cerr << ' ' << printable(quoted(each));
  std::cerr << '\n';
}

void print_normalised(const json& meta) {
  const auto& rows = member(meta, "normalised");
  if (!rows.IsArray())
    return;
  for (const auto& each : rows.GetArray())
    std::cerr << "line " << number_of(member(each, "line")) << ": "
              << printable(quoted(member(each, "sent"))) << " is stored as "
              << printable(quoted(member(each, "stored"))) << ": " << shown(member(each, "message"))
              << '\n';
  const auto count = number_of(member(meta, "normalised_count"));
  if (count > rows.Size())
    std::cerr << "... and " << count - rows.Size() << " more such rows\n";
}

/// Only where it is not the usual one.
void print_delimiter(const json& meta) {
  const auto& delimiter = member(meta, "delimiter");
  const std::string_view text = delimiter.IsString() ? delimiter.GetString() : "";
  if (text == ";" || text == "\t")
    std::cerr << "the columns are separated by " << (text == ";" ? "semicolons" : "tabs") << '\n';
}

} // namespace

bool report_import(const api_answer& answer) {
  const auto document = parsed_answer(answer.body);
  const auto& data = member(document, "data");
  if (!data.IsObject()) {
    std::cerr << "headwater: the server's answer is not one of Headwater\n";
    return false;
  }
  const auto& dry_run = member(data, "dry_run");
  const bool is_dry_run = dry_run.IsBool() && dry_run.GetBool();
  std::cout << (is_dry_run ? "dry run: " : "") << number_of(member(data, "added")) << " added, "
            << number_of(member(data, "changed")) << " changed, "
            << number_of(member(data, "removed")) << " removed, "
            << number_of(member(data, "unchanged")) << " unchanged; version "
            << number_of(member(data, "version")) << '\n';
  if (is_dry_run)
    print_preview(data);
  const auto& meta = member(document, "meta");
  print_delimiter(meta);
  print_normalised(meta);
  print_ignored(member(meta, "ignored_fields"));
  return true;
}

void report_refusal(const std::string& file, const api_answer& answer) {
  const auto document = parsed_answer(answer.body);
  const auto& error = member(document, "error");
  if (!error.IsObject()) {
    std::cerr << "headwater: the server answered " << answer.status << '\n';
    return;
  }
  const auto& faults = member(error, "detail");
  const auto count = number_of(member(error, "fault_count"));
  if (count == 0 || !faults.IsArray()) {
    std::cerr << "headwater: the server answered " << answer.status << ": "
              << shown(member(error, "message")) << '\n';
  }
  if (!faults.IsArray())
    return;
  for (const auto& each : faults.GetArray()) {
    const auto line = number_of(member(each, "line"));
    std::cerr << file << (line > 0 ? ":" + std::to_string(line) : "") << ": "
              << shown(member(each, "field")) << ": " << shown(member(each, "message")) << '\n';
  }
  if (count > 0)
    std::cerr << "headwater: nothing was imported: " << count << (count == 1 ? " fault" : " faults")
              << (count > faults.Size() ? ", the first " + std::to_string(faults.Size()) + " above"
                                        : "")
              << '\n';
}

} // namespace headwater::tools
