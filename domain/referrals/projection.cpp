#include "domain/referrals/projection.hpp"

#include "domain/core/digest.hpp"
#include "domain/core/ordered_bytes.hpp"
#include "domain/core/ulid.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/json/stored_json.hpp"
#include "domain/referrals/batch_record.hpp"

#include <algorithm>
#include <iterator>

namespace headwater::referrals {
namespace {

constexpr std::size_t brand_list_prefix_length = 2 + 8;

std::string with_brand(std::string_view table, std::int64_t brand_id) {
  std::string key{table};
  append_big_endian(key, static_cast<std::uint64_t>(brand_id));
  return key;
}

void put_connection(std::vector<referral_write>& out, const connection& state) {
  out.push_back({connection_key(state.identity.id), encode_connection(state)});
}

struct writes_of {
  std::vector<referral_write>& out;
  const event_place& at;

  void operator()(const connection_registered& event) const {
    const auto& who = event.connection;
    activate(who);
    out.push_back({registration_key(who.brand_id, who.website, who.provider), who.id});
    out.push_back({brand_list_key(who.brand_id, who.id), std::string{}});
  }

  void operator()(const connection_disabled& event) const {
    const auto& who = event.connection;
    out.push_back({active_website_key(who.brand_id, who.website), std::nullopt});
    out.push_back({life_key(who.id, at.sequence), std::string{}});
  }

  void operator()(const connection_reactivated& event) const { activate(event.connection); }

  void operator()(const batch_received&) const {}

  void activate(const connection_identity& who) const {
    out.push_back({active_website_key(who.brand_id, who.website), who.id});
    out.push_back({life_key(who.id, at.sequence), std::string{}});
  }
};

} // namespace

std::vector<referral_write> project(const connection_event& event, const event_place& at) {
  std::vector<referral_write> out;
  put_connection(out, state_after(event, at));
  std::visit(writes_of{out, at}, event);
  return out;
}

std::vector<block_write> project_rows(const batch_received& event) {
  std::vector<row_place> places;
  std::vector<stored_row> rows;
  distinct_pages pages;
  for (const auto& row : event.rows) {
    places.push_back(place_of(row.row));
    rows.push_back(as_stored(row, pages.add(row.row.raw_page_value)));
  }
  auto out = row_blocks(event.connection.id, rows, places);
  std::ranges::move(page_blocks(event.connection.id, std::move(pages).take()),
                    std::back_inserter(out));
  return out;
}

std::string connection_key(std::string_view connection_id) {
  return "c/" + std::string{connection_id};
}

std::string active_website_key(std::int64_t brand_id, std::string_view website) {
  auto key = with_brand("w/", brand_id);
  key += as_bytes(sha256({comparison_form(website)}));
  return key;
}

std::string registration_key(std::int64_t brand_id, std::string_view website, provider provider) {
  auto key = with_brand("v/", brand_id);
  key +=
      as_bytes(sha256({comparison_form(website), std::string_view{"\0", 1}, to_string(provider)}));
  return key;
}

std::string brand_list_prefix(std::int64_t brand_id) {
  return with_brand("l/", brand_id);
}

std::string brand_list_key(std::int64_t brand_id, std::string_view connection_id) {
  return brand_list_prefix(brand_id) += connection_id;
}

result<std::string> connection_of_list_key(std::string_view key) {
  if (key.starts_with("l/") && key.size() > brand_list_prefix_length)
    if (auto id = parse_ulid(key.substr(brand_list_prefix_length)))
      return *id;
  return error{errc::corrupt_log, "Connection list key: wrong form"};
}

std::string encode_connection(const connection& value) {
  const auto& who = value.identity;
  json_writer out;
  out.begin_object()
      .member("brand_id", who.brand_id)
      .key("created_at")
      .string(to_rfc3339_micros(who.created_at))
      .key("id")
      .string(who.id)
      .member("provider", to_string(who.provider))
      .member("status", to_string(value.status))
      .member("version", static_cast<std::int64_t>(value.version))
      .key("website")
      .string(who.website)
      .end_object();
  return std::move(out).str();
}

result<connection> decode_connection(std::string_view text) {
  stored_json document{text};
  if (auto fault = document.fault())
    return error{errc::corrupt_log, "Connection record: " + *fault};
  std::string fault;
  stored_members from{document.root(), fault};
  connection value;
  auto& who = value.identity;
  who.brand_id = from.integer("brand_id", stored_members::any_integer);
  who.id = from.text("id");
  who.website = from.text("website");
  value.version = static_cast<std::uint64_t>(from.integer("version", 1));
  auto at = parse_rfc3339(from.text("created_at"));
  auto provider = parse_provider(from.text("provider"));
  auto status = from.text("status");
  if (!at || !provider || (status != "active" && status != "disabled"))
    from.fail("created_at, provider or status", "cannot be read");
  if (!fault.empty())
    return error{errc::corrupt_log, "Connection record: " + fault};
  who.created_at = *at;
  who.provider = *provider;
  value.status = status == "active" ? connection_status::active : connection_status::disabled;
  return value;
}

} // namespace headwater::referrals
