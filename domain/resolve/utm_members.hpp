#pragma once

// The names of the UTM values in URLs and in a visit's session. Constants.

#include "domain/rules/utm.hpp"

#include <array>
#include <string>
#include <string_view>

namespace headwater::attribution {

struct utm_member {
  std::string_view name;
  std::string utm_values::*value;
};

inline constexpr std::array<utm_member, 5> utm_members{{
    {"utm_source", &utm_values::source},
    {"utm_medium", &utm_values::medium},
    {"utm_campaign", &utm_values::campaign},
    {"utm_term", &utm_values::term},
    {"utm_content", &utm_values::content},
}};

} // namespace headwater::attribution
