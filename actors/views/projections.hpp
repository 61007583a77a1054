#pragma once

// The rows that an event leaves in the projection tables. Both rebuilding a projection and every
// writer use these functions, so a rebuilt table equals the one that it replaces.

#include "domain/accounts/system_events.hpp"
#include "domain/referrals/batch_record.hpp"
#include "domain/referrals/projection.hpp"
#include "store/log/event.hpp"
#include "store/tables/table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headwater::actors {

/// The stream of accounts, brands and tokens.
inline constexpr std::string_view system_stream = "system";
[[nodiscard]] store::stream_name account_stream(std::string_view account_id);
[[nodiscard]] store::stream_name connection_stream(std::string_view connection_id);

/// Rows of table::usage: the events of an account's own stream, and of the connections of a brand.
[[nodiscard]] std::string account_usage_key(std::string_view account_id);
[[nodiscard]] std::string brand_usage_key(std::int64_t brand_id);

/// The row of table::usage for an event of the system stream: a token's events count for the first
/// of its accounts, those of AI platforms for the brand. Empty for what operators alone do:
/// accounts and tokens for all of them.
[[nodiscard]] std::string system_usage_key(const accounts::system_event& event);
/// A row without a count, which every event of the system stream leaves: a database from before
/// these events counted has none.
inline constexpr std::string_view counts_system_key = "s/";
[[nodiscard]] std::string token_usage_key(std::string_view account_id);
[[nodiscard]] std::string platform_usage_key(std::int64_t brand_id);

/// "t/" account_id "/" be64(expires_at, or 2^63 - 1) be64(token id), a row for each account of each
/// token that is not revoked; so those that expire later than a time are counted without the
/// others.
[[nodiscard]] std::string token_count_prefix(std::string_view account_id);
[[nodiscard]] std::vector<store::table_write> token_count_writes(const accounts::api_token& token,
                                                                 bool is_revoked);

/// Every table write of a recorded event; for rebuilding.
[[nodiscard]] result<std::vector<store::table_write>> project(const store::recorded_event& event);

/// The directory table's writes of an event of the system stream.
[[nodiscard]] std::vector<store::table_write> directory_writes(const accounts::system_event& event,
                                                               const event_meta& at);

/// The writes of a connection event to the tables of referrals and of rows, including the
/// idempotency key of a registration.
[[nodiscard]] std::vector<store::table_write>
connection_writes(const referrals::connection_event& event, const referrals::event_place& at,
                  const std::optional<store::idempotency>& key);

/// The row that stores what a list of batches shows.
[[nodiscard]] store::table_write batch_write(std::string_view connection_id,
                                             const referrals::event_place& at,
                                             referrals::batch_record record);

[[nodiscard]] std::vector<store::table_write>
to_table_writes(std::vector<referrals::referral_write> writes);
[[nodiscard]] std::vector<store::table_write>
to_table_writes(store::table where, std::vector<referrals::block_write> writes);

/// "k/" be64(brand) SHA-256(key) -> fingerprint, ULID, be64(sequence): where a brand used an
/// Idempotency-Key to register a connection. Needed beside the log's own index, which is keyed by
/// stream, because the stream is not known before the key is looked up.
[[nodiscard]] std::string registration_use_prefix(std::int64_t brand_id);
[[nodiscard]] std::string registration_use_key(std::int64_t brand_id, std::string_view key);
struct registration_use {
  digest fingerprint{};
  std::string connection_id;
  std::uint64_t sequence = 0;
};
[[nodiscard]] std::string encode(const registration_use& use);
[[nodiscard]] result<registration_use> decode_registration_use(std::string_view value);

} // namespace headwater::actors
