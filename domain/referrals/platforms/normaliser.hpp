#pragma once

// Maps a raw referrer value, in whatever shape analytics tools emit it, to an AI platform. Runs
// once for each pushed row: one pass, no regular expression, and no allocation except for an
// internationalised host if the list has such hosts. Pure, any thread.

#include "domain/referrals/platforms/platform_list.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace headwater::referrals {

/// Why a value was mapped, or not; for diagnostics.
enum class referrer_reason : std::uint8_t {
  host_listed = 1,
  package_listed,
  token_listed,
  blank,      ///< only white space
  direct,     ///< "(direct)", "(none)", "(not set)" and the like
  unreadable, ///< neither a host nor a word: a bad port, a stray character
  not_listed,
};

[[nodiscard]] std::string_view to_string(referrer_reason reason) noexcept;

/// The platform's name, valid as long as the list, and the reason.
struct referrer_match {
  std::optional<std::string_view> platform;
  referrer_reason reason = referrer_reason::not_listed;
  std::string_view entry = {}; ///< the list entry that decided; empty without a platform
};

/// Tries to read `raw` as, in this order: "source / medium" (the source counts), a bare token, an
/// android-app:// package, a URL or a host with optional path. Surrounding white space, case,
/// `www.`, userinfo, port and one trailing dot are ignored. A value without any `/` is
/// percent-decoded once, and so is the host of a URL.
[[nodiscard]] referrer_match match_referrer(const platform_list& list, std::string_view raw);

/// Reads the value of a `utm_source`: a bare token or a host.
[[nodiscard]] referrer_match match_utm_source(const platform_list& list, std::string_view source);

} // namespace headwater::referrals
