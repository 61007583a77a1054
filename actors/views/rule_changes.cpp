#include "actors/views/rule_changes.hpp"

namespace headwater::actors {

std::size_t count_changes(const attribution::account_rules& before,
                          const attribution::account_rules& now) {
  std::size_t count = 0;
  const auto one_more = [&count](const auto&, const auto&) { ++count; };
  now.referrer_mappings().each_difference(before.referrer_mappings(), one_more);
  now.passthrough_referrers().each_difference(before.passthrough_referrers(), one_more);
  return count;
}

} // namespace headwater::actors
