#pragma once

// A request's body, read.

#include "domain/json/json_value.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>
#include <utility>

namespace headwater::testing {

inline draft body(std::string_view json) {
  auto parsed = parse_draft(json);
  BOOST_REQUIRE_MESSAGE(parsed, json);
  return std::move(*parsed);
}

} // namespace headwater::testing
