#include "snapshots/account_states.hpp"

#include "domain/core/try.hpp"
#include "store/log/first_event.hpp"
#include "store/tables/keys.hpp"

#include <algorithm>

namespace headwater::snapshots {
namespace {

using attribution::account_rules;
using store::table;

constexpr char layout = 1;
constexpr std::size_t text_at = 1 + 2 * sizeof(digest);

// state := 01 chain[32] sha256(key || chain || text) text

digest checksum_of(std::string_view key, std::string_view chain, std::string_view text) {
  return sha256({key, chain, text});
}

std::string state_row(std::string_view key, const digest& chain, std::string_view text) {
  std::string out{layout};
  out.reserve(text_at + text.size());
  out += as_bytes(chain);
  out += as_bytes(checksum_of(key, as_bytes(chain), text));
  out += text;
  return out;
}

struct state_view {
  std::uint64_t version;
  std::string_view chain;
  std::string_view text;
};

/// Nothing if the row is damaged, or has a future layout.
std::optional<state_view> read_row(std::string_view prefix, std::string_view key,
                                   std::string_view row) {
  if (key.size() != prefix.size() + sizeof(std::uint64_t) || row.size() < text_at ||
      row[0] != layout)
    return std::nullopt;
  const state_view out{store::read_be64(key.substr(prefix.size())), row.substr(1, sizeof(digest)),
                       row.substr(text_at)};
  const auto checksum = checksum_of(key, out.chain, out.text);
  if (row.substr(1 + sizeof(digest), sizeof(digest)) != as_bytes(checksum))
    return std::nullopt;
  return out;
}

/// The chain value of an event.
result<digest> chain_at(const store::event_log& log, const std::string& stream,
                        std::uint64_t version) {
  TRY(const auto found, store::first_event(log, stream, version));
  if (!found)
    return error{errc::corrupt_log, "there is no event of that version"};
  return found->chain;
}

/// The state in a row, if the log contains the event that it reflects.
result<account_rules> usable_state(const store::event_log& log, const std::string& stream,
                                   std::string_view prefix, std::string_view key,
                                   std::string_view row) {
  const auto state = read_row(prefix, key, row);
  if (!state)
    return error{errc::corrupt_log, "it is damaged"};
  TRY(const auto chain, chain_at(log, stream, state->version));
  if (state->chain != as_bytes(chain))
    return error{errc::corrupt_log, "it reflects another history"};
  auto rules = account_rules::from_canonical(state->text);
  if (rules && rules->version() != state->version)
    return error{errc::corrupt_log, "it is of another version than its key says"};
  return rules;
}

} // namespace

found_state find_state(const store::event_log& log, const store::table_store& tables,
                       const std::string& stream) {
  found_state out;
  const auto prefix = store::stream_key(stream);
  const auto scanned =
      tables.scan_back(table::states, prefix, [&](std::string_view key, std::string_view row) {
        auto state = usable_state(log, stream, prefix, key, row);
        if (state)
          out.rules = std::move(*state);
        else
          out.passed_over.push_back(state.error().message);
        return !out.rules;
      });
  if (!scanned)
    out.passed_over.push_back(scanned.error().message);
  return out;
}

result<void> keep_state(const store::event_log& log, store::table_store& tables,
                        const std::string& stream, const account_rules& rules) {
  if (rules.version() == 0)
    return {};
  TRY(const auto chain, chain_at(log, stream, rules.version()));
  const auto prefix = store::stream_key(stream);
  const auto key = prefix + store::be64_key(rules.version());
  std::vector<store::table_write> rows{
      {table::states, key, state_row(key, chain, rules.canonical())}};
  std::size_t older = 0;
  const auto scanned =
      tables.scan_back(table::states, prefix, [&](std::string_view found, std::string_view) {
        if (found < key && ++older < kept_states)
          return true;
        if (found != key)
          rows.push_back({table::states, std::string{found}, std::nullopt});
        return true;
      });
  return scanned ? tables.put(rows) : scanned;
}

result<std::vector<kept_state>> list_states(const store::table_store& tables,
                                            const std::string& stream) {
  std::vector<kept_state> out;
  const auto prefix = store::stream_key(stream);
  bool is_damaged = false;
  const auto scanned =
      tables.scan(table::states, prefix, {}, [&](std::string_view key, std::string_view row) {
        const auto state = read_row(prefix, key, row);
        is_damaged = !state;
        if (state)
          out.push_back({state->version, std::string{state->text}});
        return !is_damaged;
      });
  if (!scanned)
    return scanned.error();
  if (is_damaged)
    return error{errc::corrupt_log, "stream " + stream + ": one of its kept states is damaged"};
  return out;
}

} // namespace headwater::snapshots
