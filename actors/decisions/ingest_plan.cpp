#include "actors/decisions/ingest_plan.hpp"

#include "actors/shared/append.hpp"
#include "actors/shared/cached_rows.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/stored_rows.hpp"
#include "domain/core/try.hpp"
#include "domain/referrals/batch.hpp"
#include "domain/referrals/projection.hpp"
#include "domain/referrals/registration.hpp"
#include "domain/referrals/row_reader.hpp"

#include <algorithm>
#include <iterator>
#include <span>

namespace headwater::actors {

result<referrals::connection> load_connection(const store::table_store& tables,
                                              const std::string& connection_id) {
  return stored_connection(tables, connection_id);
}

push_outcome outcome_of(const referrals::batch_received& event) {
  return {static_cast<std::int64_t>(event.accepted), static_cast<std::int64_t>(event.rejected),
          static_cast<std::int64_t>(event.deduplicated), event.errors};
}

result<std::optional<referrals::connection_event>>
earlier_use(const store::event_log& log, const std::string& connection_id, const origin& by) {
  if (!by.key)
    return std::optional<referrals::connection_event>{};
  auto stream = connection_stream(connection_id);
  TRY(auto use, log.find_use(stream, by.key->key));
  if (!use)
    return std::optional<referrals::connection_event>{};
  CHECK(check_fingerprint(*by.key, use->fingerprint));
  TRY(auto recorded, read_event(log, stream, use->first_sequence));
  auto& header = recorded.header;
  TRY(auto event, referrals::decode_connection_event(header.type, header.schema, recorded.payload));
  return std::optional{std::move(event)};
}

screened_push screen_push(const service_parts& parts, push_request& request) {
  const auto body = std::move(request.body);
  TRY(auto rows, referrals::read_rows(*body, request.format, parts.limits.max_events));
  TRY(auto own, own_platforms_of(parts, request.connection->identity.brand_id));
  return referrals::screen(rows, request.connection->identity, day_of(now()),
                           referrals::platform_list::shipped(), own);
}

namespace {

/// The stored value for each row of the batch. Reads a few blocks at a time, because they hold
/// other rows, too.
result<std::vector<std::optional<std::string>>> stored_rows(const store::table_store& tables,
                                                            const referrals::screened_batch& batch,
                                                            const pushes_under_way& under_way) {
  constexpr std::size_t blocks_at_once = 32;
  referrals::row_lookup lookup{batch.places};
  std::span wanted{lookup.blocks()};
  for (; !wanted.empty(); wanted = wanted.subspan(std::min(blocks_at_once, wanted.size()))) {
    const auto some = wanted.first(std::min(blocks_at_once, wanted.size()));
    std::vector<std::string> keys;
    for (const auto& block : some)
      keys.push_back(referrals::row_block_key(batch.connection.id, block.first));
    TRY(auto blocks, tables.get_many(store::table::rows, keys));
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (!under_way.apply(keys[i], blocks[i]))
        return error{errc::internal_error, "the rows of a push that is under way are unreadable"};
      if (blocks[i])
        CHECK(lookup.take(some[i], *blocks[i]));
    }
  }
  return std::move(lookup).values();
}

} // namespace

result<planned_push> plan_push(const service_parts& parts, const origin& by, screened_push screened,
                               const referrals::connection& current, const named_pages& named,
                               const pushes_under_way& under_way) {
  if (current.status == referrals::connection_status::disabled)
    return referrals::connection_is_disabled();
  if (!screened)
    return screened.error();
  TRY(auto stored, stored_rows(parts.log->tables(), *screened, under_way));
  TRY(auto settled, referrals::settle(std::move(*screened), stored));
  named.keep_unknown(current.identity.id, settled.pages);

  referrals::event_place at{current.version + 1, 0};
  planned_push out{{connection_stream(current.identity.id), current.version, {}},
                   outcome_of(settled.event),
                   referrals::state_after(settled.event, at)};
  for (const auto& page : settled.pages)
    out.pages.push_back(page.id);
  for (const auto& each : settled.rows) {
    out.changes.blocks.emplace(each.key, each.block);
    out.changes.bytes += each.key.size() + each.block.size();
  }
  if (by.key)
    out.changes.key = by.key->key;
  auto record = referrals::record_of(settled.event, by.from.principal, by.from.request_id);
  auto pages = referrals::page_blocks(current.identity.id, std::move(settled.pages));
  referrals::connection_event event = std::move(settled.event);
  auto writes = to_table_writes(referrals::project(event, at));
  const auto add = [&writes](store::table where, std::vector<referrals::block_write>& blocks) {
    std::ranges::move(to_table_writes(where, std::move(blocks)), std::back_inserter(writes));
  };
  add(store::table::rows, settled.rows);
  add(store::table::rows, pages);
  add(store::table::rollups, settled.rollups);
  store::append_command command;
  const auto& batch = std::get<referrals::batch_received>(event);
  command.events.push_back(make_event(
      by, std::string(referrals::type_of(event)), referrals::schema_of(event),
      [&](std::string& text) { referrals::append_encoded(text, batch); },
      referrals::encoded_size(batch)));
  command.key = by.key;
  command.writes = std::move(writes);
  // The time of a batch is that of its event, which only the log knows.
  command.late_writes = [id = current.identity.id, record = std::move(record)](auto headers) {
    return std::vector{batch_write(id, {headers[0].sequence, headers[0].time}, record)};
  };
  out.append.commands.push_back(std::move(command));
  return out;
}

} // namespace headwater::actors
