#include "domain/referrals/projection.hpp"

#include "domain/core/canonical_json.hpp"
#include "domain/core/digest.hpp"
#include "domain/core/ordered_bytes.hpp"
#include "domain/core/ulid.hpp"
#include "domain/referrals/member_reader.hpp"
#include "domain/referrals/row_key.hpp"

#include <algorithm>

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

std::vector<named_page> pages_of(const batch_received& event) {
  distinct_pages pages;
  for (const auto& row : event.rows)
    pages.add(row.row.raw_page_value);
  return std::move(pages).take();
}

struct writes_of {
  std::vector<referral_write>& out;
  const batch_plan* plan = nullptr; ///< of a batch, where it is known

  void operator()(const connection_registered& event) const {
    const auto& who = event.connection;
    activate(who);
    out.push_back({registration_key(who.brand_id, who.website, who.provider), who.id});
    out.push_back({brand_list_key(who.brand_id, who.id), std::string{}});
  }

  void operator()(const connection_disabled& event) const {
    const auto& who = event.connection;
    out.push_back({active_website_key(who.brand_id, who.website), std::nullopt});
  }

  void operator()(const connection_reactivated& event) const { activate(event.connection); }

  void operator()(const batch_received& event) const {
    const auto first = static_cast<std::ptrdiff_t>(out.size());
    for (std::size_t i = 0; i < event.rows.size(); ++i) {
      const auto& row = event.rows[i];
      out.push_back(
          {plan ? plan->keys[i] : row_key(event.connection.id, row.row), encode_row_value(row)});
    }
    // In order, for a store that is faster so.
    std::ranges::sort(out.begin() + first, out.end(), {}, &referral_write::key);
    for (const auto& page : plan ? plan->pages : pages_of(event))
      out.push_back({page_key(event.connection.id, page.id), std::string{page.text}});
  }

  void activate(const connection_identity& who) const {
    out.push_back({active_website_key(who.brand_id, who.website), who.id});
  }
};

} // namespace

std::vector<referral_write> project(const connection_event& event, const event_place& at) {
  std::vector<referral_write> out;
  put_connection(out, state_after(event, at));
  std::visit(writes_of{out}, event);
  return out;
}

std::vector<referral_write> project(const batch_plan& plan, const event_place& at) {
  const auto& event = plan.event;
  std::vector<referral_write> out;
  out.reserve(event.rows.size() + plan.pages.size() + 1);
  put_connection(out, {event.connection, connection_status::active, at.sequence});
  writes_of{out, &plan}(event);
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

std::string page_prefix(std::string_view connection_id) {
  return "t/" + std::string{connection_id};
}

std::string page_key(std::string_view connection_id, page_id page) {
  auto key = page_prefix(connection_id);
  append_big_endian(key, page);
  return key;
}

result<page_id> page_of_key(std::string_view key) {
  constexpr std::size_t ulid_length = 26;
  if (key.size() != 2 + ulid_length + sizeof(page_id) || !key.starts_with("t/"))
    return error{errc::corrupt_log, "Page key: wrong form"};
  return read_big_endian<page_id>(key.substr(2 + ulid_length));
}

std::string encode_connection(const connection& value) {
  const auto& who = value.identity;
  canonical_writer out;
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
  parsed_payload document{text};
  if (auto fault = document.fault())
    return error{errc::corrupt_log, "Connection record: " + *fault};
  std::string fault;
  member_reader from{document.root(), fault};
  connection value;
  auto& who = value.identity;
  who.brand_id = from.integer("brand_id", member_reader::any_integer);
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
