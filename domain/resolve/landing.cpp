#include "domain/resolve/landing.hpp"

#include "domain/core/text.hpp"
#include "domain/hosts/plain_escapes.hpp"
#include "domain/resolve/utm_members.hpp"

#include <algorithm>
#include <array>

namespace headwater::attribution {
namespace {

/// A parameter that names a campaign beside utm_, and which value it gives.
struct campaign_parameter {
  campaign_family family;
  std::string_view name;
  std::string utm_values::*value;
};

/// In the order in which they count.
constexpr std::array<campaign_parameter, 17> on_demand{{
    {campaign_family::mtm, "mtm_source", &utm_values::source},
    {campaign_family::mtm, "mtm_medium", &utm_values::medium},
    {campaign_family::mtm, "mtm_campaign", &utm_values::campaign},
    {campaign_family::mtm, "mtm_cpn", &utm_values::campaign},
    {campaign_family::mtm, "mtm_keyword", &utm_values::term},
    {campaign_family::mtm, "mtm_kwd", &utm_values::term},
    {campaign_family::mtm, "mtm_content", &utm_values::content},
    {campaign_family::pk, "pk_source", &utm_values::source},
    {campaign_family::pk, "pk_medium", &utm_values::medium},
    {campaign_family::pk, "pk_campaign", &utm_values::campaign},
    {campaign_family::pk, "pk_cpn", &utm_values::campaign},
    {campaign_family::pk, "pk_keyword", &utm_values::term},
    {campaign_family::pk, "pk_kwd", &utm_values::term},
    {campaign_family::pk, "pk_content", &utm_values::content},
    {campaign_family::ref, "ref", &utm_values::source},
    {campaign_family::source, "source", &utm_values::source},
    {campaign_family::utm_id, "utm_id", &utm_values::campaign},
}};

/// Those that counted before there were lists of click ids.
bool is_basic_click_id(std::string_view name) {
  constexpr std::array<std::string_view, 10> names{"gclid", "gbraid", "wbraid", "msclkid",
                                                   "yclid", "ttclid", "twclid", "li_fat_id",
                                                   "ScCid", "rdt_cid"};
  return std::ranges::find(names, name) != names.end();
}

class reader {
public:
  reader(const source_lists& lists, const attribution_settings& settings)
      : lists_(lists), settings_(settings) {
    for (const auto family : settings.campaign_parameters)
      (family == campaign_family::utm ? takes_utm_ : takes_others_) = true;
  }

  void parameter(std::string_view name, std::string_view value) {
    const bool is_utm = name.starts_with("utm_");
    if (is_utm && takes_utm_)
      utm(name, value);
    if (value.empty())
      return;
    if (takes_others_)
      other(name, value);
    if (!is_utm)
      click(name);
  }

  [[nodiscard]] landing take() && {
    if (takes_others_)
      for (const auto& member : utm_members)
        if ((found_.utm.*member.value).empty())
          found_.utm.*member.value = std::move(others_.*member.value);
    return std::move(found_);
  }

private:
  static std::string decoded(std::string_view value) {
    return to_valid_utf8(percent_decoded(value, true));
  }

  void utm(std::string_view name, std::string_view value) {
    for (std::size_t i = 0; i < utm_members.size(); ++i)
      if (name == utm_members[i].name && !seen_[i]) {
        seen_[i] = true;
        found_.utm.*utm_members[i].value = decoded(value);
      }
  }

  void other(std::string_view name, std::string_view value) {
    const auto* const known = std::ranges::find(on_demand, name, &campaign_parameter::name);
    if (known == on_demand.end() ||
        std::ranges::find(settings_.campaign_parameters, known->family) ==
            settings_.campaign_parameters.end())
      return;
    for (std::size_t i = 0; i < utm_members.size(); ++i)
      if (utm_members[i].value == known->value && (!given_by_[i] || known < given_by_[i])) {
        given_by_[i] = known;
        others_.*known->value = decoded(value);
      }
  }

  void click(std::string_view name) {
    found_.has_facebook |= name == lists_.facebook().parameter;
    const auto* const known = lists_.click_id_of(name);
    if (known && (!found_.click || known < found_.click) &&
        (settings_.classification != classification::basic || is_basic_click_id(name)))
      found_.click = known;
  }

  const source_lists& lists_;
  const attribution_settings& settings_;
  bool takes_utm_ = false;
  bool takes_others_ = false;
  landing found_;
  std::array<bool, utm_members.size()> seen_{};
  utm_values others_;
  std::array<const campaign_parameter*, utm_members.size()> given_by_{};
};

bool is_separator(char c) {
  return c == '/' || c == '\\';
}

std::string_view without_separators(std::string_view text) {
  while (!text.empty() && is_separator(text.front()))
    text.remove_prefix(1);
  return text;
}

/// From the first slash after the host on.
std::string_view raw_path(std::string_view url) {
  url = trimmed(url);
  url = url.substr(0, url.find('#'));
  url = url.substr(0, url.find('?'));
  for (std::string_view scheme : {"https:", "http:"})
    if (starts_with_nocase(url, scheme)) {
      url = url.substr(scheme.size());
      break;
    }
  url = without_separators(url);
  const auto path = url.find_first_of("/\\");
  return path == url.npos ? std::string_view() : url.substr(path);
}

} // namespace

landing read_landing(std::string_view url, const source_lists& lists,
                     const attribution_settings& settings) {
  url = url.substr(0, url.find('#'));
  auto at = url.find('?');
  if (at == url.npos)
    return {};
  reader found(lists, settings);
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

std::string plain_path(std::string_view url) {
  std::string out = "/";
  auto rest = without_separators(raw_path(url));
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of("/\\"), rest.size());
    const auto segment = with_plain_escapes(rest.substr(0, end));
    const bool is_last = end == rest.size();
    rest = without_separators(rest.substr(end));
    if (segment == "..") {
      if (out.size() > 1)
        out.pop_back();
      out.resize(out.rfind('/') + 1);
    } else if (segment != ".") {
      out += segment;
      if (!is_last)
        out += '/';
    }
  }
  return out;
}

const std::string* return_path_at(const attribution_settings& settings, std::string_view url) {
  if (settings.return_paths.empty() || raw_path(url).size() > longest_page_path)
    return nullptr;
  return return_path_of(settings, "//host" + plain_path(url));
}

std::string shown_path(std::string_view url) {
  const auto path = raw_path(url);
  return path.size() > longest_page_path ? to_valid_utf8(path.substr(0, longest_page_path))
                                         : plain_path(url);
}

} // namespace headwater::attribution
