// Implements read_platforms() of rejections.hpp.

#include "domain/analytics_files/rejections.hpp"
#include "domain/json/stored_json.hpp"

#include <array>
#include <deque>
#include <optional>

namespace headwater::analytics_files {
namespace {

using referrals::entry_kind;
using referrals::platform_entry;
using referrals::platform_list;

struct texts_and_list {
  std::deque<std::string> texts;
  std::optional<platform_list> list;
};

std::optional<entry_kind> kind_named(std::string_view name) {
  for (const auto kind :
       {entry_kind::host, entry_kind::host_path, entry_kind::android_package, entry_kind::token})
    if (to_string(kind) == name)
      return kind;
  return std::nullopt;
}

/// The entries of one platform. Kinds that only a newer server knows are skipped: this program
/// could not match them.
void add_platform(stored_members platform, texts_and_list& into,
                  std::vector<platform_entry>& entries) {
  const std::string_view name = into.texts.emplace_back(platform.text("name"));
  for (const auto& each : platform.elements("entries")) {
    auto entry = platform.element(each);
    const auto kind = entry.text("kind"), value = entry.text("value");
    if (const auto known = kind_named(kind))
      entries.push_back({name, *known, into.texts.emplace_back(value)});
  }
}

} // namespace

result<owned_list> read_platforms(std::string_view text_of_list) {
  auto wrong = error(errc::bad_request, "the server's list of AI platforms is none");
  const stored_json document(text_of_list);
  if (document.fault())
    return wrong;
  std::string fault;
  stored_members list(document.root(), fault);
  const std::string version(list.text("version"));
  auto out = std::make_shared<texts_and_list>();
  std::vector<platform_entry> entries;
  for (const auto& platform : list.elements("platforms"))
    add_platform(list.element(platform), *out, entries);
  if (!fault.empty())
    return wrong;
  out->list.emplace(version, std::move(entries));
  return owned_list(out, &*out->list);
}

} // namespace headwater::analytics_files
