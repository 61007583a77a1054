// The endpoints of referrer mappings: those that rule_handlers.hpp has for both kinds, with
// a list in evaluation order.

#include "http/rules/rule_handlers.hpp"

namespace headwater::http {

using attribution::referrer_mapping;

template <>
struct rule_listing<referrer_mapping> {
  static constexpr std::string_view summary = "List referrer mappings in evaluation order";
  static const auto& in_order(const attribution::account_rules& of) {
    return of.mappings_in_order();
  }
};

void add_referrer_mapping_routes(std::vector<endpoint>& to) {
  add_rule_routes<referrer_mapping>(to);
}

} // namespace headwater::http
