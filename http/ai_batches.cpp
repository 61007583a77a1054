#include "http/actor_reply.hpp"
#include "http/ai_referrals_json.hpp"
#include "http/application.hpp"
#include "http/brand_entry.hpp"

namespace headwater::http {

namespace {

constexpr std::int64_t default_limit = 50;
constexpr std::int64_t max_limit = 100;

awaitable<void> list_batches(exchange& x) {
  request_check check(x);
  const auto limit = check.integer("limit", 1, max_limit).value_or(default_limit);
  const auto offset = check.integer("offset", 0).value_or(0);
  const auto in = co_await enter_family(x, check);
  if (!in.who)
    co_return;
  const auto connection = co_await connection_of_path(x, in.brand_id);
  if (!connection)
    co_return;
  actors::list_batches wanted{connection->identity.id, static_cast<std::uint64_t>(offset),
                              static_cast<std::size_t>(limit)};
  const auto page = co_await ask<actors::batch_reply>(x, x.app().service.readers().next(),
                                                      intent::read, std::move(wanted));
  if (page.has_error()) {
    x.fail(page.error());
    co_return;
  }
  x.out.body = batches_as_json(*page);
  x.plain(200);
}

} // namespace

void add_ai_batch_routes(std::vector<route>& to) {
  to.push_back({method::get,
                "/{brand_id}/ai-referrals/connections/{connection_id}/batches",
                family::referrals,
                access::read,
                "listAiReferralsBatches",
                "List the batches that reached a connection, the newest first",
                {200, 401, 403, 404, 410, 422},
                list_batches,
                {"limit", "offset"},
                {},
                "BatchList"});
}

} // namespace headwater::http
