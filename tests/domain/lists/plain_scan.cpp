#include "tests/domain/lists/plain_scan.hpp"

#include "domain/core/text.hpp"
#include "domain/lists/list_forms.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace headwater::testing {
namespace {

using namespace headwater::attribution;

const list_file& shipped(std::string_view name) {
  return *std::ranges::find(shipped_list_files(), name, &list_file::name);
}

std::vector<std::string> labels_of(const std::string& text) {
  std::vector<std::string> out(1);
  for (char c : text)
    if (c == '.')
      out.emplace_back();
    else
      out.back() += c;
  return out;
}

bool is_country(const std::string& label) {
  return label.size() == 2 &&
         std::ranges::all_of(label, [](char c) { return c >= 'a' && c <= 'z'; });
}

/// How many labels at the end of the host "{}" stands for; 0 for none.
std::size_t ending_labels(const std::vector<std::string>& host) {
  const auto& suffixes = source_lists::shipped()->suffixes();
  static const std::set<std::string> second{"com", "co", "org", "net", "edu", "it"};
  const auto count = host.size();
  if (host.back() == "com")
    return 1;
  if (!is_country(host.back()))
    return 0;
  if (count > 1 && second.contains(host[count - 2]) &&
      suffixes.is_registry_suffix(host[count - 2] + "." + host.back()))
    return 2;
  return suffixes.is_registry_suffix(host.back()) ? 1 : 0;
}

/// How many labels of the host the entry covers, where its ending takes `ending`; 0 for none.
std::size_t covered(const std::vector<std::string>& pattern, const std::vector<std::string>& host,
                    std::size_t ending) {
  const bool has_ending = pattern.size() > 1 && pattern.back() == "{}";
  if (has_ending && ending == 0)
    return 0;
  const auto skipped = has_ending ? ending : 0;
  const auto count = pattern.size() - (has_ending ? 1 : 0);
  if (count + skipped > host.size())
    return 0;
  for (std::size_t i = 1; i <= count; ++i) {
    const auto& wanted = pattern[count - i];
    const auto& given = host[host.size() - skipped - i];
    if (wanted == "{}" ? !is_country(given) : wanted != given)
      return 0;
  }
  return count + skipped;
}

std::string without_www(std::string text) {
  return text.starts_with("www.") ? text.substr(4) : text;
}

} // namespace

plain_scan::plain_scan() {
  std::map<std::string, std::string> renamed, dropped_names;
  std::set<std::string> dropped;
  for (const auto& each : read_records(shipped("corrections.yml")).value()) {
    const auto get = [&](std::string_view member) { return std::string(each.get(member)); };
    if (!get("rename").empty())
      renamed[get("rename")] = get("to");
    if (!get("drop_name").empty())
      dropped_names[get("drop_name") + "/" + get("from")] = get("from");
    dropped.insert(get("drop"));
    if (!get("except").empty())
      lines_.push_back({"", get("except"), get("except")});
  }
  for (const auto* file :
       {"video.yml", "shopping.yml", "mail.yml", "messengers.yml", "search_additions.yml",
        "social_additions.yml", "SearchEngines.yml", "Socials.yml"}) {
    const bool is_engines = std::string_view(file) == "SearchEngines.yml";
    const bool is_theirs = is_engines || std::string_view(file) == "Socials.yml";
    const auto read = is_engines ? read_engines(shipped(file)) : read_groups(shipped(file));
    for (const auto& each : read.value()) {
      const std::string name(each.name), entry(each.entry);
      if (is_theirs && (dropped.contains(entry) || dropped_names.contains(name + "/" + file)))
        continue;
      line made{name, entry, ascii_lower(entry)};
      for (const auto* scheme : {"android-app://", "ios-app://"})
        if (made.text.starts_with(scheme)) {
          made.is_app = true;
          made.is_ios = made.text.starts_with("ios");
          made.text.erase(0, std::string_view(scheme).size());
        }
      if ((made.text.starts_with("com.") || made.text.starts_with("org.")) &&
          std::ranges::count(made.text, '.') > 1)
        made.is_app = true;
      if (!made.is_app && made.text.find('/') != std::string::npos)
        continue;
      if (!made.is_app)
        made.text = without_www(made.text);
      if (const auto found = renamed.find(name); is_theirs && found != renamed.end())
        made.name = found->second;
      lines_.push_back(made);
    }
  }
  for (auto& each : lines_)
    each.labels = labels_of(each.text);
}

std::string plain_scan::of_host(const std::string& host) const {
  const auto labels = labels_of(host);
  const auto ending = ending_labels(labels);
  std::size_t longest = 0;
  std::string name;
  for (const auto& each : lines_) {
    const bool is_plain = each.text.find('{') == std::string::npos;
    if (each.is_ios || (is_plain && !host.ends_with(each.text)))
      continue;
    const auto count = each.is_app ? (each.text == host ? labels.size() : 0)
                                   : covered(each.labels, labels, ending);
    if (count <= longest)
      continue;
    longest = count;
    name = each.name;
  }
  return name;
}

std::string plain_scan::filled(std::string_view text, std::string_view ending,
                               std::string_view country) {
  std::string out(text);
  if (out.ends_with("{}"))
    out.replace(out.size() - 2, 2, ending);
  if (const auto at = out.find("{}"); at != out.npos)
    out.replace(at, 2, country);
  return out;
}

} // namespace headwater::testing
