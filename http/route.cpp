#include "http/route.hpp"

#include <set>

namespace headwater::http {

std::vector<unsigned short> statuses_of(access needed, bool names_account, bool names_brand,
                                        bool has_input, bool has_body, const status_list& successes,
                                        const status_list& refusals) {
  std::set<unsigned short> all(successes.begin(), successes.end());
  all.insert(refusals.begin(), refusals.end());
  if (needed != access::anyone)
    all.insert({401, 503});
  if (needed != access::anyone && needed != access::authenticated)
    all.insert(403);
  if (names_account || names_brand)
    all.insert({404, 410, 422});
  if (has_input)
    all.insert(422);
  if (has_body)
    all.insert({400, 413, 415, 422});
  return {all.begin(), all.end()};
}

} // namespace headwater::http
