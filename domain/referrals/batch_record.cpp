#include "domain/referrals/batch_record.hpp"

#include "domain/core/ordered_bytes.hpp"
#include "domain/core/ulid.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/json/stored_json.hpp"

#include <algorithm>
#include <utility>

namespace headwater::referrals {
namespace {

constexpr std::size_t life_key_length = 2 + ulid_length + 8;

std::string key_of(std::string_view table, std::string_view connection_id, std::uint64_t sequence) {
  std::string key{table};
  key += connection_id;
  append_big_endian(key, sequence);
  return key;
}

} // namespace

batch_record record_of(const batch_received& event, std::string_view principal,
                       std::string_view request_id) {
  batch_record out;
  out.principal = principal;
  out.request_id = request_id;
  out.accepted = event.accepted;
  out.rejected = event.rejected;
  out.deduplicated = event.deduplicated;
  const auto kept = std::min(event.batch_ids.size(), batch_record::max_batch_ids);
  out.batch_ids.assign(event.batch_ids.begin(),
                       event.batch_ids.begin() + static_cast<std::ptrdiff_t>(kept));
  out.batch_id_count = event.batch_ids.size();
  out.errors = event.errors;
  return out;
}

std::string encode_batch_record(const batch_record& value) {
  json_writer out;
  out.begin_object()
      .member("accepted", static_cast<std::int64_t>(value.accepted))
      .member("batch_id_count", static_cast<std::int64_t>(value.batch_id_count));
  out.member("batch_ids", std::span<const std::string>(value.batch_ids));
  out.member("deduplicated", static_cast<std::int64_t>(value.deduplicated));
  out.member("errors", std::span<const std::string>(value.errors));
  out.member("principal", value.principal)
      .member("rejected", static_cast<std::int64_t>(value.rejected))
      .member("request_id", value.request_id)
      .member("time", to_rfc3339_micros(value.time))
      .end_object();
  return std::move(out).str();
}

result<batch_record> decode_batch_record(std::string_view text) {
  stored_json document{text};
  if (auto fault = document.fault())
    return error{errc::corrupt_log, "Batch record: " + *fault};
  std::string fault;
  stored_members from{document.root(), fault};
  auto count = [&](std::string_view name) {
    return static_cast<std::uint64_t>(from.integer(name, 0));
  };
  batch_record out;
  out.accepted = count("accepted");
  out.rejected = count("rejected");
  out.deduplicated = count("deduplicated");
  out.batch_id_count = count("batch_id_count");
  out.batch_ids = from.texts("batch_ids");
  out.errors = from.texts("errors");
  out.principal = from.text("principal");
  out.request_id = from.text("request_id");
  const auto at = parse_rfc3339(from.text("time"));
  if (!at)
    from.fail("time", "is not a time");
  if (!fault.empty())
    return error{errc::corrupt_log, "Batch record: " + fault};
  out.time = *at;
  return out;
}

std::string batch_key(std::string_view connection_id, std::uint64_t sequence) {
  return key_of("b/", connection_id, sequence);
}

std::string life_prefix(std::string_view connection_id) {
  return "e/" + std::string{connection_id};
}

std::string life_key(std::string_view connection_id, std::uint64_t sequence) {
  return key_of("e/", connection_id, sequence);
}

result<std::uint64_t> sequence_of_life_key(std::string_view key) {
  if (!key.starts_with("e/") || key.size() != life_key_length)
    return error{errc::corrupt_log, "Life event key: wrong form"};
  return read_big_endian<std::uint64_t>(key.substr(2 + ulid_length));
}

std::vector<std::uint64_t> batch_page(std::uint64_t version, std::span<const std::uint64_t> life,
                                      std::uint64_t offset, std::size_t limit) {
  std::vector<std::uint64_t> page;
  for (auto sequence = version; sequence > 0 && page.size() < limit;) {
    const auto below = life.empty() ? 0 : life.back(); // the next event that is no batch
    if (below == sequence) {
      life = life.first(life.size() - 1);
      --sequence;
    } else if (const auto run = sequence - below; offset >= run) {
      offset -= run;
      sequence = below;
    } else {
      sequence -= std::exchange(offset, 0);
      page.push_back(sequence--);
    }
  }
  return page;
}

} // namespace headwater::referrals
