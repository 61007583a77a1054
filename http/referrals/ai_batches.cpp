// GET .../connections/{connection_id}/batches: the batches that a connection received.

#include "domain/core/try.hpp"
#include "http/gate/questions.hpp"
#include "http/gate/route.hpp"
#include "http/referrals/ai_referrals_json.hpp"

namespace headwater::http {

namespace {

constexpr std::int64_t default_limit = 50;
constexpr std::int64_t max_limit = 100;

struct batch_query {
  std::int64_t limit = default_limit;
  std::int64_t offset = 0;
};

batch_query read_page(const exchange&, request_check& check) {
  return {check.integer("limit", 1, max_limit).value_or(default_limit),
          check.integer("offset", 0).value_or(0)};
}

awaitable<result<answer>> list_batches(exchange& x, const entered_connection& in,
                                       const batch_query& query) {
  const auto position = log_position(x);
  actors::list_batches wanted{in.connection->identity.id, static_cast<std::uint64_t>(query.offset),
                              static_cast<std::size_t>(query.limit), in.owner};
  CO_TRY(const auto page, co_await ask(x, std::move(wanted)));
  co_return plain(batches_as_json(page)).versioned(position);
}

constexpr route batches_route{
    .verb = method::get,
    .path = "/{brand_id}/ai-referrals/connections/{connection_id}/batches",
    .gate = connection(access::read),
    .input = read_page,
    .name = "listAiReferralsBatches",
    .summary = "List the batches that reached a connection, the newest first",
    .kin = family::referrals,
    .parameters = {"limit", "offset"},
    .answers = "BatchList",
    .tagged = true,
    .run = list_batches};

} // namespace

void add_ai_batch_routes(std::vector<endpoint>& to) {
  to.push_back(row(batches_route));
}

} // namespace headwater::http
