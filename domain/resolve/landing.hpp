#pragma once

// What a landing URL says about a visit: UTM values and click ids of its query, and its path. Pure.

#include "domain/lists/source_lists.hpp"
#include "domain/rules/attribution_settings.hpp"
#include "domain/rules/utm.hpp"

#include <string>
#include <string_view>

namespace headwater::attribution {

struct landing {
  utm_values utm;                  ///< decoded, case kept, first of duplicates
  const click_id* click = nullptr; ///< the first of source_lists::click_ids() that has a value
  bool has_facebook = false;       ///< a value of fbclid, which is not among those
};

/// Reads the query of a URL: between the first '?' and the fragment. Which parameters name a
/// campaign is the account's choice; where two give the same value, utm_ counts before Matomo's
/// mtm_ and pk_, these before ref, source and utm_id. With basic classification only the click ids
/// count that did so before there were lists of them.
[[nodiscard]] landing read_landing(std::string_view url, const source_lists& lists,
                                   const attribution_settings& settings);

/// The path of a page's URL in its plainest form: without escapes that mean what they escape,
/// without "." and "..", with single slashes. So "/x/..//check%6fut" is "/checkout", and
/// "/checkout%2F.." is no part of it. Other escapes are in upper case, and bytes beyond ASCII are
/// escaped. "/" where there is none.
[[nodiscard]] std::string plain_path(std::string_view url);

/// The account's longest return path at or above a page; null if there is none. A page whose path
/// is longer than `longest_page_path` is below none: nobody is sent back to such a one, and a
/// tracker could have many megabytes put into their plainest form.
[[nodiscard]] const std::string* return_path_at(const attribution_settings& settings,
                                                std::string_view url);
inline constexpr std::size_t longest_page_path = 8 * 1024;

/// plain_path() of what fits into that, for explanations.
[[nodiscard]] std::string shown_path(std::string_view url);

} // namespace headwater::attribution
