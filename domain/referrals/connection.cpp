#include "domain/referrals/connection.hpp"

#include "domain/core/preconditions.hpp"
#include "domain/core/text_rules.hpp"
#include "domain/json/json_writer.hpp"

#include <array>
#include <utility>

namespace headwater::referrals {
namespace {

constexpr std::array<std::pair<provider, std::string_view>, 5> providers = {{
    {provider::adobe_analytics, "adobe_analytics"},
    {provider::google_analytics, "google_analytics"},
    {provider::matomo, "matomo"},
    {provider::piwik_pro, "piwik_pro"},
    {provider::custom, "custom"},
}};

} // namespace

std::string_view to_string(provider value) noexcept {
  for (auto [known, name] : providers)
    if (known == value)
      return name;
  return "";
}

std::optional<provider> parse_provider(std::string_view text) noexcept {
  for (auto [known, name] : providers)
    if (name == text)
      return known;
  return std::nullopt;
}

std::string_view to_string(connection_status value) noexcept {
  switch (value) {
  case connection_status::active:
    return "active";
  case connection_status::disabled:
    return "disabled";
  }
  return "";
}

std::string etag_of(const connection& of) {
  const auto& identity = of.identity;
  json_writer out;
  out.begin_object()
      .member("id", identity.id)
      .member("brand_id", identity.brand_id)
      .member("website", identity.website)
      .member("provider", to_string(identity.provider))
      .member("status", to_string(of.status))
      .member("created_at", to_rfc3339_seconds(identity.created_at))
      .end_object();
  return etag_of_text(out.view());
}

std::string comparison_form(std::string_view website) {
  auto rest = trim(website);
  if (auto length = scheme_length(rest); length != 0)
    rest.remove_prefix(length + 3);
  else if (rest.starts_with("//"))
    rest.remove_prefix(2);
  rest = rest.substr(0, rest.find_first_of("?#"));
  while (rest.ends_with('/'))
    rest.remove_suffix(1);
  std::string form{rest};
  for (auto& c : form)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c + 32);
  if (form.starts_with("www."))
    form.erase(0, 4);
  return form;
}

} // namespace headwater::referrals
