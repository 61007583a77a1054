// Implements read_platforms() of rejections.hpp.

#include "domain/analytics_files/rejections.hpp"

#include <rapidjson/document.h>

#include <array>
#include <deque>
#include <optional>

namespace headwater::analytics_files {
namespace {

using referrals::entry_kind;
using referrals::platform_entry;
using referrals::platform_list;
using json = rapidjson::Value;

struct texts_and_list {
  std::deque<std::string> texts;
  std::optional<platform_list> list;
};

std::optional<std::string_view> text(const json& of, const char* name) {
  if (!of.IsObject())
    return std::nullopt;
  const auto found = of.FindMember(name);
  if (found == of.MemberEnd() || !found->value.IsString())
    return std::nullopt;
  return std::string_view{found->value.GetString(), found->value.GetStringLength()};
}

const json* array(const json& of, const char* name) {
  if (!of.IsObject())
    return nullptr;
  const auto found = of.FindMember(name);
  return found == of.MemberEnd() || !found->value.IsArray() ? nullptr : &found->value;
}

std::optional<entry_kind> kind_named(std::string_view name) {
  for (const auto kind :
       {entry_kind::host, entry_kind::host_path, entry_kind::android_package, entry_kind::token})
    if (to_string(kind) == name)
      return kind;
  return std::nullopt;
}

/// The entries of one platform; false if it is not one. Kinds that only a newer server knows are
/// skipped: this program could not match them.
bool add_platform(const json& platform, texts_and_list& into,
                  std::vector<platform_entry>& entries) {
  const auto name = text(platform, "name");
  const auto* listed = array(platform, "entries");
  if (!name || listed == nullptr)
    return false;
  const std::string_view kept = into.texts.emplace_back(*name);
  for (const auto& entry : listed->GetArray()) {
    const auto kind = text(entry, "kind"), value = text(entry, "value");
    if (!kind || !value)
      return false;
    if (const auto known = kind_named(*kind))
      entries.push_back({kept, *known, into.texts.emplace_back(*value)});
  }
  return true;
}

} // namespace

result<owned_list> read_platforms(std::string_view text_of_list) {
  const auto wrong = error(errc::bad_request, "the server's list of AI platforms is none");
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text_of_list.data(), text_of_list.size());
  if (document.HasParseError())
    return wrong;
  const auto version = text(document, "version");
  const auto* platforms = array(document, "platforms");
  if (!version || platforms == nullptr)
    return wrong;
  auto out = std::make_shared<texts_and_list>();
  std::vector<platform_entry> entries;
  for (const auto& platform : platforms->GetArray())
    if (!add_platform(platform, *out, entries))
      return wrong;
  out->list.emplace(std::string(*version), std::move(entries));
  return owned_list(out, &*out->list);
}

} // namespace headwater::analytics_files
