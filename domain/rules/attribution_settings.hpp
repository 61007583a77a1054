#pragma once

// How an account wants its visits attributed, beside its rules. Events in the account's stream
// change the settings (attribution_settings_changed), account_rules holds them. Pure values.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// `basic` leaves the cascade as it was before search, social and mail had steps of their own.
enum class classification : std::uint8_t { full = 1, basic };

/// Which parameters of a landing URL name a campaign. Families beside `utm` are on demand.
enum class campaign_family : std::uint8_t { utm = 1, ref, source, mtm, pk, utm_id };

struct attribution_settings {
  /// Each list is ascending and has no value twice: they are sets.
  std::vector<std::string> own_domains;  ///< lower case ASCII
  std::vector<std::string> return_paths; ///< "/checkout", as browsers write paths
  std::vector<campaign_family> campaign_parameters{campaign_family::utm};
  std::string ai_medium = "ai-assistant";
  bool drop_spam = true;
  attribution::classification classification = attribution::classification::full;
  std::string timezone = "UTC"; ///< an IANA name
  std::optional<std::string> currency;

  bool operator==(const attribution_settings&) const = default;
};

/// What an account has until it changes something: one value that all accounts share.
[[nodiscard]] const std::shared_ptr<const attribution_settings>& default_settings();

/// Whether the host is one of the own domains or below one, at a label boundary. `host` as
/// host_of_referrer() gives it.
[[nodiscard]] bool is_own(const attribution_settings& settings, std::string_view host);

/// The longest return path that the path of `url` is, or is below, at a segment boundary; null if
/// there is none. Query and fragment do not count, upper and lower case are different.
[[nodiscard]] const std::string* return_path_of(const attribution_settings& settings,
                                                std::string_view url);

} // namespace headwater::attribution
