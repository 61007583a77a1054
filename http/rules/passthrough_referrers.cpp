// The endpoints of passthrough referrers: those that rule_handlers.hpp has for both kinds, with
// a list by id.

#include "http/rules/rule_handlers.hpp"

namespace headwater::http {

using attribution::passthrough_referrer;

template <>
struct rule_listing<passthrough_referrer> {
  static constexpr std::string_view summary = "List passthrough referrers";
  static const auto& in_order(const attribution::account_rules& of) {
    return of.passthrough_referrers();
  }
};

void add_passthrough_referrer_routes(std::vector<endpoint>& to) {
  add_rule_routes<passthrough_referrer>(to);
}

} // namespace headwater::http
