#pragma once

// What the events of connections leave in the referrals table. Pure: needs no reads, because each
// event carries its connection's identity. FORMATS.md has the grammar of keys and values.

#include "domain/referrals/batch.hpp"
#include "domain/referrals/connection_event.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::referrals {

/// One change of the referrals table: a value to put, or nothing to delete the key.
struct referral_write {
  std::string key;
  std::optional<std::string> value;

  bool operator==(const referral_write&) const = default;
};

/// The writes of one event of a connection's stream. A batch's record (batch_record.hpp) is not
/// among them, because it tells who pushed, which an event does not know.
[[nodiscard]] std::vector<referral_write> project(const connection_event& event,
                                                  const event_place& at);

/// The blocks of rows and of pages that a batch changes. A push that knows its pages to be there
/// already leaves those out.
[[nodiscard]] std::vector<block_write> project_rows(const batch_received& event);

/// "c/" ULID -> the connection's record.
[[nodiscard]] std::string connection_key(std::string_view connection_id);
/// "w/" be64(brand) SHA-256(comparison form) -> the id of the brand's active connection there.
[[nodiscard]] std::string active_website_key(std::int64_t brand_id, std::string_view website);
/// "v/" be64(brand) SHA-256(comparison form 0x00 provider) -> the id registered so, even disabled.
[[nodiscard]] std::string registration_key(std::int64_t brand_id, std::string_view website,
                                           provider provider);
/// "l/" be64(brand) ULID -> "": all connections of a brand, oldest first.
[[nodiscard]] std::string brand_list_key(std::int64_t brand_id, std::string_view connection_id);
[[nodiscard]] std::string brand_list_prefix(std::int64_t brand_id);
/// The ULID in a key of the brand list; errc::corrupt_log for anything else.
[[nodiscard]] result<std::string> connection_of_list_key(std::string_view key);

[[nodiscard]] std::string encode_connection(const connection& value);
/// Reads a connection's record. errc::corrupt_log says what is wrong.
[[nodiscard]] result<connection> decode_connection(std::string_view text);

} // namespace headwater::referrals
