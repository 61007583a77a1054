#include "domain/json/stored_json.hpp"
#include "domain/referrals/connection_event.hpp"

#include <memory>

namespace headwater::referrals {
namespace {

connection_identity read_identity(stored_members& from, bool with_time) {
  connection_identity who;
  auto members = from.object("connection");
  who.brand_id = members.integer("brand_id", stored_members::any_integer);
  who.id = members.text("id");
  who.website = members.text("website");
  if (auto known = parse_provider(members.text("provider")))
    who.provider = *known;
  else
    members.fail("provider", "is not a provider");
  if (with_time) {
    if (auto at = parse_rfc3339(members.text("created_at")))
      who.created_at = *at;
    else
      members.fail("created_at", "is not a time");
  }
  return who;
}

platform_row read_row(stored_members members) {
  platform_row out;
  auto& row = out.row;
  if (auto day = parse_date(members.text("date")))
    row.date = *day;
  else
    members.fail("date", "is not a date");
  row.raw_referrer_value = members.text("raw_referrer_value");
  row.raw_page_value = members.text("raw_page_value");
  out.platform = members.text("platform");
  row.batch_id = members.optional_text("batch_id");
  row.metrics.pageviews = members.optional_count("pageviews");
  row.metrics.sessions = members.optional_count("sessions");
  row.metrics.transactions = members.optional_count("transactions");
  if (auto text = members.optional_text("purchase_revenue")) {
    row.metrics.purchase_revenue = parse_decimal(*text);
    if (!row.metrics.purchase_revenue)
      members.fail("purchase_revenue", "is not a decimal");
  }
  return out;
}

batch_received read_batch(stored_members& from) {
  batch_received event;
  event.connection = read_identity(from, true);
  event.accepted = static_cast<std::uint64_t>(from.integer("accepted", 0));
  event.rejected = static_cast<std::uint64_t>(from.integer("rejected", 0));
  event.deduplicated = static_cast<std::uint64_t>(from.integer("deduplicated", 0));
  event.errors = from.texts("errors");
  event.batch_ids = from.texts("batch_ids");
  for (const auto& row : from.elements("rows"))
    event.rows.push_back(read_row(from.element(row)));
  return event;
}

/// Nothing for a type that no connection has.
std::optional<connection_event> read_event(std::string_view type, stored_members& from) {
  if (type == "connection_registered")
    return connection_registered{read_identity(from, false)};
  if (type == "connection_disabled")
    return connection_disabled{read_identity(from, true)};
  if (type == "connection_reactivated")
    return connection_reactivated{read_identity(from, true)};
  if (type == "batch_received")
    return read_batch(from);
  return std::nullopt;
}

} // namespace

result<connection_event> decode_connection_event(std::string_view type, int schema,
                                                 std::string_view payload) {
  auto name = std::string{type} + " version " + std::to_string(schema);
  if (schema != 1)
    return error{errc::corrupt_log, name + ": unknown schema version"};
  // Parsed in place, so that the rows' texts look into one buffer, which the event then owns.
  auto document = std::make_shared<stored_json>(payload);
  if (auto fault = document->fault())
    return error{errc::corrupt_log, name + ": " + *fault};
  std::string fault;
  stored_members members{document->root(), fault};
  auto event = read_event(type, members);
  if (!event)
    return error{errc::corrupt_log, "No connection has events of type " + std::string{type}};
  if (!fault.empty())
    return error{errc::corrupt_log, name + ": " + fault};
  if (auto* batch = std::get_if<batch_received>(&*event))
    batch->text = document->text();
  return *std::move(event);
}

} // namespace headwater::referrals
