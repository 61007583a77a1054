#include "domain/resolve/landing.hpp"

#include "domain/core/text.hpp"
#include "domain/resolve/utm_members.hpp"

#include <algorithm>
#include <array>

namespace headwater::attribution {
namespace {

constexpr std::array<click_id, 10> paid{{
    {"gclid", "google", "cpc"},
    {"gbraid", "google", "cpc"},
    {"wbraid", "google", "cpc"},
    {"msclkid", "bing", "cpc"},
    {"yclid", "yandex", "cpc"},
    {"ttclid", "tiktok", "cpc"},
    {"twclid", "twitter", "cpc"},
    {"li_fat_id", "linkedin", "cpc"},
    {"ScCid", "snapchat", "cpc"},
    {"rdt_cid", "reddit", "cpc"},
}};
constexpr click_id facebook{"fbclid", "facebook", "social"};

/// Whether any known parameter begins like this one: most names do not.
bool may_be_known(std::string_view name) {
  constexpr auto initials = [] {
    std::array<bool, 256> table{};
    const auto add = [&](std::string_view known) {
      table[static_cast<unsigned char>(known[0])] = true;
    };
    for (const auto& each : paid)
      add(each.parameter);
    for (const auto& each : utm_members)
      add(each.name);
    add(facebook.parameter);
    return table;
  }();
  return !name.empty() && initials[static_cast<unsigned char>(name[0])];
}

class reader {
public:
  void parameter(std::string_view name, std::string_view value) {
    if (!may_be_known(name))
      return;
    for (std::size_t i = 0; i < utm_members.size(); ++i)
      if (name == utm_members[i].name && !seen_[i]) {
        seen_[i] = true;
        found_.utm.*utm_members[i].value = to_valid_utf8(percent_decoded(value, true));
      }
    if (value.empty())
      return;
    found_.has_facebook |= name == facebook.parameter;
    const auto* known = std::ranges::find(paid, name, &click_id::parameter);
    if (known != paid.end() && (!found_.paid || known < found_.paid))
      found_.paid = known;
  }

  [[nodiscard]] landing take() && { return std::move(found_); }

private:
  landing found_;
  std::array<bool, utm_members.size()> seen_{};
};

} // namespace

std::span<const click_id> paid_click_ids() {
  return paid;
}

const click_id& facebook_click_id() {
  return facebook;
}

landing read_landing(std::string_view url) {
  url = url.substr(0, url.find('#'));
  reader found;
  auto at = url.find('?');
  while (at != url.npos) {
    const auto end = url.find('&', at + 1);
    const auto pair = url.substr(at + 1, end == url.npos ? end : end - at - 1);
    const auto equals = std::min(pair.find('='), pair.size());
    const auto value = pair.substr(std::min(equals + 1, pair.size()));
    const auto name = pair.substr(0, equals);
    if (name.find('%') == name.npos)
      found.parameter(name, value);
    else
      found.parameter(percent_decoded(name, true), value);
    at = end;
  }
  return std::move(found).take();
}

} // namespace headwater::attribution
