#include "domain/rules/settings_fields.hpp"

#include "domain/core/text.hpp"
#include "domain/hosts/domain_name.hpp"
#include "domain/hosts/host.hpp"
#include "domain/hosts/plain_escapes.hpp"
#include "domain/hosts/public_suffixes.hpp"

#include <algorithm>
#include <optional>

namespace headwater {

namespace {

constexpr std::array<std::string_view, 2> classifications{"full", "basic"};
constexpr std::array<std::string_view, 6> families{"utm", "ref", "source", "mtm", "pk", "utm_id"};

} // namespace

template <>
field_table<attribution::attribution_settings> fields_of<attribution::attribution_settings>() {
  using settings = attribution::attribution_settings;
  static constexpr std::array table{
      bind_owner<settings>({.name = "account_id",
                            .description = "Account that the settings belong to",
                            .example = "\"acme\"",
                            .read_only = true}),
      bind<&settings::own_domains>(
          {.name = "own_domains",
           .kind = field_kind::string_list,
           .description = "Domains of the account's own: a referrer at or below one of them is "
                          "internal, whatever site the visit is to",
           .example = "[\"shop.example\",\"acme-careers.example\"]",
           .max = attribution::max_listed_settings}),
      bind<&settings::return_paths>(
          {.name = "return_paths",
           .kind = field_kind::string_list,
           .description =
               "Path prefixes of pages to which payment and log-in pages of others return: "
               "a session survives a visit to one of them",
           .example = "[\"/checkout\"]",
           .max = attribution::max_listed_settings}),
      bind<&settings::campaign_parameters>(
          {.name = "campaign_parameters",
           .kind = field_kind::string_list,
           .description =
               "Families of URL parameters that name a campaign; utm is always among them",
           .example = "[\"utm\",\"ref\"]",
           .choices = families}),
      bind<&settings::ai_medium>({.name = "ai_medium",
                                  .description = "Medium of visits from AI assistants",
                                  .example = "\"ai-assistant\"",
                                  .min = 1,
                                  .max = 64}),
      bind<&settings::drop_spam>(
          {.name = "drop_spam",
           .kind = field_kind::boolean,
           .description = "Whether hosts of the spam list count as no referrer",
           .example = "true"}),
      bind<&settings::classification>(
          {.name = "classification",
           .description = "basic leaves out the steps for search, mail and social networks",
           .example = "\"full\"",
           .choices = classifications}),
      bind<&settings::timezone>({.name = "timezone",
                                 .description = "IANA time zone in which the account counts days",
                                 .example = "\"Europe/Berlin\"",
                                 .min = 1,
                                 .max = 64}),
      bind<&settings::currency>({.name = "currency",
                                 .description = "Three capital letters of ISO 4217; null for none",
                                 .example = "\"EUR\"",
                                 .pattern = "^[A-Z]{3}$",
                                 .nullable = true}),
  };
  return table;
}

namespace attribution {
namespace {

constexpr std::size_t max_path = 512;
/// No text of a list that is longer can have a valid form.
constexpr std::size_t max_sent_text = 4 * max_path;

/// A text in its stored form, or what is wrong with it.
struct stored_text {
  std::string text;
  const char* message = nullptr;
  const char* type = "value_error";
};

stored_text stored_domain(std::string_view sent) {
  auto text = without_scheme(trimmed(sent));
  if (text.ends_with('/'))
    text.remove_suffix(1);
  auto name = text.size() > max_sent_text ? std::nullopt : to_ascii_domain(text);
  if (!name || !is_domain_name(*name))
    return {{},
            "Domain should be a name such as shop.example.com, without port, path or wildcard, and "
            "no IP address"};
  // One's own site covers all below it, as without www.
  if (const std::string bare{without_www(*name)}; is_domain_name(bare))
    name = bare;
  if (public_suffixes::shipped()->is_registry_suffix(*name))
    return {{},
            "Domain should be one's own, and no public suffix, below which everybody has sites"};
  return {std::move(*name)};
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// Whether browsers would resolve a segment of the path, or leave it empty.
bool has_odd_segment(std::string_view path) {
  for (auto rest = path.substr(1); !rest.empty();) {
    const auto segment = percent_decoded(rest.substr(0, rest.find('/')), false);
    if (segment.empty() || segment == "." || segment == "..")
      return true;
    const auto slash = rest.find('/');
    if (slash == rest.npos)
      return false;
    rest.remove_prefix(slash + 1);
  }
  return false;
}

stored_text stored_path(std::string_view sent) {
  const auto text = trimmed(sent);
  if (!text.starts_with('/'))
    return {{}, "Path should begin with '/', such as /checkout, without scheme and host"};
  if (text.find_first_of("?#") != text.npos)
    return {{}, "Path should have no query and no fragment"};
  if (std::ranges::any_of(text, is_control))
    return {{}, "Path should not contain control characters"};
  if (text.find('\\') != text.npos)
    return {{}, "Path should have '/' between its segments"};
  if (text.find('*') != text.npos)
    return {{}, "Path should have no wildcard: every path below it counts, too"};
  if (text.size() > max_sent_text)
    return {{}, "String should have at most 512 characters", "string_too_long"};
  auto path = with_plain_escapes(text);
  if (has_odd_segment(path))
    return {{}, "Path should have no empty segment, and none that is '.' or '..'"};
  if (path.size() > 1 && path.ends_with('/'))
    path.pop_back();
  if (path.size() > max_path)
    return {{}, "String should have at most 512 characters", "string_too_long"};
  return {std::move(path)};
}

template <class Item>
void make_a_set(std::vector<Item>& list) {
  std::ranges::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

/// A list that is too long is left to check_limits.
void normalise(std::vector<std::string>& list, std::string_view name,
               stored_text (*stored)(std::string_view), read_report& report) {
  if (report.has_fault(name) || list.size() > max_listed_settings)
    return;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto as_stored = stored(list[i]);
    if (as_stored.message)
      report.faults.push_back({body_path(name) / i, as_stored.message, as_stored.type});
    else
      list[i] = std::move(as_stored.text);
  }
  make_a_set(list);
}

bool is_currency(std::string_view text) {
  return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// What no name of the IANA's list lacks; whether it is one of them only the machine knows.
bool has_form_of_timezone(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '+' || c == '-';
  });
}

template <class Enum, std::size_t Count>
std::optional<Enum> named(std::string_view text, const std::array<std::string_view, Count>& words) {
  for (std::size_t i = 0; i < Count; ++i)
    if (text == words[i])
      return static_cast<Enum>(i + 1);
  return std::nullopt;
}

} // namespace

std::string_view to_string(classification value) {
  return classifications[static_cast<std::size_t>(value) - 1];
}

std::optional<classification> parse_choice(std::string_view text, classification) {
  return named<classification>(text, classifications);
}

std::string_view to_string(campaign_family value) {
  return families[static_cast<std::size_t>(value) - 1];
}

std::optional<campaign_family> parse_choice(std::string_view text, campaign_family) {
  return named<campaign_family>(text, families);
}

void normalise(attribution_settings& settings, read_report& report) {
  normalise(settings.own_domains, "own_domains", stored_domain, report);
  normalise(settings.return_paths, "return_paths", stored_path, report);
  make_a_set(settings.campaign_parameters);
  const auto fail = [&report](std::string_view name, const char* message, const char* type) {
    if (!report.has_fault(name))
      report.faults.push_back({body_path(name), message, type});
  };
  if (std::ranges::find(settings.campaign_parameters, campaign_family::utm) ==
      settings.campaign_parameters.end())
    fail("campaign_parameters", "utm is always read: it should be in the list", "value_error");
  settings.ai_medium = trimmed(settings.ai_medium);
  if (!has_form_of_timezone(settings.timezone))
    fail("timezone", "Input should be an IANA time zone, such as 'Europe/Berlin'", "value_error");
  if (settings.currency && !is_currency(*settings.currency))
    fail("currency", "String should match pattern '^[A-Z]{3}$'", "string_pattern_mismatch");
}

} // namespace attribution
} // namespace headwater
