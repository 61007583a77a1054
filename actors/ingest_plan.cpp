#include "actors/ingest_plan.hpp"

#include "actors/append.hpp"
#include "actors/projections.hpp"
#include "actors/reading.hpp"
#include "domain/referrals/batch.hpp"
#include "domain/referrals/projection.hpp"
#include "domain/referrals/registration.hpp"
#include "domain/referrals/row_reader.hpp"

namespace headwater::actors {

using referrals::request_error;

request_error as_request_error(const error& from) {
  return {from.code, from.message};
}

referrals::request_result<referrals::connection> load_connection(const store::event_log& log,
                                                                 const std::string& connection_id) {
  auto found = log.get(store::table::referrals, referrals::connection_key(connection_id));
  if (!found)
    return as_request_error(found.error());
  if (!*found)
    return request_error{errc::not_found, "Connection not found"};
  auto decoded = referrals::decode_connection(**found);
  if (!decoded)
    return as_request_error(decoded.error());
  return *decoded;
}

push_outcome outcome_of(const referrals::batch_received& event) {
  return {static_cast<std::int64_t>(event.accepted), static_cast<std::int64_t>(event.rejected),
          static_cast<std::int64_t>(event.deduplicated), event.errors};
}

referrals::request_result<std::optional<referrals::connection_event>>
earlier_use(const store::event_log& log, const std::string& connection_id, const origin& by) {
  if (!by.key)
    return std::optional<referrals::connection_event>{};
  auto stream = connection_stream(connection_id);
  auto use = log.find_use(stream, by.key->key);
  if (!use)
    return as_request_error(use.error());
  if (!*use)
    return std::optional<referrals::connection_event>{};
  if (auto same = check_fingerprint(*by.key, (*use)->fingerprint); !same)
    return as_request_error(same.error());
  auto recorded = read_event(log, stream, (*use)->first_sequence);
  if (!recorded)
    return as_request_error(recorded.error());
  auto& header = recorded->header;
  auto event = referrals::decode_connection_event(header.type, header.schema, recorded->payload);
  if (!event)
    return as_request_error(event.error());
  return std::optional{std::move(*event)};
}

referrals::request_result<planned_push> plan_push(const service_parts& parts,
                                                  const push_request& request,
                                                  const referrals::connection& current) {
  if (current.status == referrals::connection_status::disabled)
    return referrals::connection_is_disabled();
  auto rows = referrals::read_rows(*request.body, request.format, parts.limits.max_events);
  if (!rows)
    return rows.error();
  auto screened = referrals::screen(*rows, current.identity, day_of(now()),
                                    referrals::platform_list::shipped());
  auto stored = parts.log->get_many(store::table::referrals, screened.keys);
  if (!stored)
    return as_request_error(stored.error());
  auto settled = referrals::settle(std::move(screened), *stored);
  if (!settled)
    return as_request_error(settled.error());

  referrals::event_place at{current.version + 1, 0};
  planned_push out{{connection_stream(current.identity.id), current.version, {}},
                   outcome_of(settled->event),
                   referrals::state_after(settled->event, at)};
  auto writes = to_table_writes(referrals::project(*settled, at));
  referrals::connection_event event = std::move(settled->event);
  store::append_command command;
  command.events.push_back(make_event(request.by, std::string(referrals::type_of(event)),
                                      referrals::schema_of(event), referrals::encode(event)));
  command.key = request.by.key;
  command.writes = std::move(writes);
  out.append.commands.push_back(std::move(command));
  return out;
}

} // namespace headwater::actors
