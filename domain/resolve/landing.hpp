#pragma once

// What the query string of a landing URL says about a visit: UTM values and click ids. Pure.

#include "domain/rules/utm.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace headwater::attribution {

/// A click id that an advertising platform appends to landing URLs.
struct click_id {
  std::string_view parameter; ///< case matters
  std::string_view source;
  std::string_view medium; ///< "cpc" where paid
};

/// The click ids of step 4, the strongest first.
[[nodiscard]] std::span<const click_id> paid_click_ids();
/// The click id of step 7.
[[nodiscard]] const click_id& facebook_click_id();

struct landing {
  utm_values utm;                 ///< decoded, case kept, first of duplicates
  const click_id* paid = nullptr; ///< the first of paid_click_ids() that has a value
  bool has_facebook = false;
};

/// Reads the query of a URL: between the first '?' and the fragment.
[[nodiscard]] landing read_landing(std::string_view url);

} // namespace headwater::attribution
