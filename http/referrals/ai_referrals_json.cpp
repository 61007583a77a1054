#include "http/referrals/ai_referrals_json.hpp"

#include "domain/core/time.hpp"
#include "domain/json/json_writer.hpp"

#include <algorithm>
#include <map>
#include <span>

namespace headwater::http {

namespace {

std::optional<std::string> date_of(const std::optional<day_number>& day) {
  return day ? std::optional{to_date_string(*day)} : std::nullopt;
}

void write_texts(json_writer& out, std::string_view name, const std::vector<std::string>& texts) {
  out.key(name).begin_array();
  for (const auto& text : texts)
    out.string(text);
  out.end_array();
}

void write_batch(json_writer& out, const actors::listed_batch& of) {
  const auto& record = of.record;
  out.begin_object()
      .member("sequence", static_cast<std::int64_t>(of.sequence))
      .member("time", to_rfc3339_seconds(record.time));
  write_texts(out, "batch_ids", record.batch_ids);
  out.member("batch_id_count", static_cast<std::int64_t>(record.batch_id_count))
      .member("accepted", static_cast<std::int64_t>(record.accepted))
      .member("rejected", static_cast<std::int64_t>(record.rejected))
      .member("deduplicated", static_cast<std::int64_t>(record.deduplicated));
  write_texts(out, "errors", record.errors);
  out.member("principal", record.principal).member("request_id", record.request_id).end_object();
}

void write_shipped(json_writer& out, const referrals::platform_entry& entry) {
  out.begin_object()
      .member("kind", referrals::to_string(entry.kind))
      .member("value", entry.value)
      .member("source", "shipped");
  if (const auto* origin = entry.origin) {
    out.key("provenance").begin_object().member("source", origin->source);
    out.key("revision");
    if (origin->revision.empty())
      out.null();
    else
      out.string(origin->revision);
    out.member("since", origin->since).member("reason", origin->why).end_object();
  }
  out.end_object();
}

void write_own(json_writer& out, const accounts::brand_platform& entry) {
  out.begin_object()
      .member("kind", referrals::to_string(referrals::entry_kind::host))
      .member("value", entry.host)
      .member("source", "brand")
      .member("created_at", to_rfc3339_seconds(entry.created_at))
      .member("updated_at", to_rfc3339_seconds(entry.updated_at))
      .end_object();
}

using own_entries = std::vector<const accounts::brand_platform*>;

/// One platform: its shipped entries, then the brand's.
void write_platform(json_writer& out, std::string_view name,
                    std::span<const referrals::platform_entry> shipped, const own_entries& own) {
  out.begin_object().member("name", name).key("entries").begin_array();
  for (const auto& entry : shipped)
    write_shipped(out, entry);
  for (const auto* entry : own)
    write_own(out, *entry);
  out.end_array().end_object();
}

} // namespace

std::string connection_as_json(const actors::described_connection& described) {
  const auto& of = described.known;
  const auto& identity = of.connection.identity;
  std::optional<std::string> pushed, fault;
  if (of.last_pushed_at != 0)
    pushed = to_rfc3339_seconds(of.last_pushed_at);
  if (!of.last_push_error.empty())
    fault = of.last_push_error;
  json_writer out;
  out.begin_object()
      .member("id", identity.id)
      .member("brand_id", identity.brand_id)
      .member("website", identity.website)
      .member("provider", referrals::to_string(identity.provider))
      .member("status", referrals::to_string(of.connection.status))
      .member("created_at", to_rfc3339_seconds(identity.created_at))
      .member("last_pushed_at", pushed)
      .member("last_push_error", fault)
      .member("rows", described.rows.rows)
      .member("first_date", date_of(described.rows.first))
      .member("last_date", date_of(described.rows.last))
      .end_object();
  return std::move(out).str();
}

std::string batches_as_json(const actors::batch_list& page) {
  json_writer out;
  out.begin_object().key("items").begin_array();
  for (const auto& each : page.batches)
    write_batch(out, each);
  out.end_array().member("total", static_cast<std::int64_t>(page.total)).end_object();
  return std::move(out).str();
}

std::string push_as_json(const actors::push_outcome& of) {
  json_writer out;
  out.begin_object()
      .member("accepted", of.accepted)
      .member("rejected", of.rejected)
      .member("deduplicated", of.deduplicated);
  write_texts(out, "errors", of.errors);
  out.end_object();
  return std::move(out).str();
}

std::string platforms_as_json(const referrals::platform_list& shipped,
                              const std::vector<accounts::brand_platform>& own) {
  std::map<std::string_view, own_entries> by_name;
  for (const auto& entry : own)
    by_name[entry.platform].push_back(&entry);
  json_writer out;
  out.begin_object().member("version", shipped.version()).key("platforms").begin_array();
  std::span rest{shipped.entries()};
  while (!rest.empty()) {
    const auto name = rest.front().platform;
    const auto end =
        std::ranges::find_if_not(rest, [&](const auto& entry) { return entry.platform == name; });
    const auto count = static_cast<std::size_t>(end - rest.begin());
    write_platform(out, name, rest.first(count), by_name[name]);
    by_name.erase(name);
    rest = rest.subspan(count);
  }
  for (const auto& [name, entries] : by_name)
    write_platform(out, name, {}, entries);
  out.end_array().end_object();
  return std::move(out).str();
}

} // namespace headwater::http
