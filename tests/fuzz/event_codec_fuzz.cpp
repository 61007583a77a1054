// libFuzzer target: bytes of the log and of its projections. Whatever a reader takes must be
// written again as the same bytes; everything else is an error.

#include "domain/accounts/directory.hpp"
#include "domain/accounts/system_events.hpp"
#include "domain/referrals/batch_record.hpp"
#include "domain/referrals/connection_event.hpp"
#include "domain/referrals/row_value.hpp"
#include "domain/rules/rule_events.hpp"
#include "store/log/event_codec.hpp"
#include "store/log/event_json.hpp"
#include "store/log/records.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <array>

using namespace headwater;

namespace {

void check_header(std::string_view text) {
  store::event_header header;
  if (store::read_header(text, header))
    fuzz::require_equal(store::write_header(header), text, "a header is read as another");
}

/// Writes the part that was read once more.
void check_part(store::recorded_event event) {
  if (!store::decode_part(event) || !event.part)
    return;
  const auto sealed = store::seal(event.from, event.key, event.payload, event.part->salt);
  fuzz::require_equal(sealed.text, event.part->text, "a part is read as another");
  event.part->payload_hash = sealed.payload_hash;
  std::string shown;
  store::append_event(shown, event);
  fuzz::require(shown.find('\n') == shown.npos || event.payload.find('\n') != std::string::npos ||
                    event.header_text.find('\n') != std::string::npos,
                "an event takes two lines", shown);
}

void check_record(std::string_view bytes) {
  store::recorded_event event;
  if (!store::read_record(bytes, event))
    return;
  fuzz::require_equal(
      store::write_record(event.header_text, event.chain, event.part ? &*event.part : nullptr),
      bytes, "a record is read as another");
  fuzz::require(store::chain_of_record(bytes) == event.chain, "a record has two chain values");
  check_header(event.header_text);
  check_part(event);
}

void check_rows(std::string_view bytes) {
  if (const auto head = store::read_stream_head(bytes))
    fuzz::require_equal(store::write_stream_head(*head), bytes, "a head is read as another");
  if (const auto use = store::read_use(bytes))
    fuzz::require_equal(store::write_use(*use), bytes, "a use is read as another");
  if (const auto row = referrals::decode_row_value(bytes))
    fuzz::require_equal(referrals::encode_row_value(*row), bytes, "a row is read as another");
  if (const auto record = referrals::decode_batch_record(bytes)) {
    const auto once = referrals::encode_batch_record(*record);
    fuzz::require(
        fuzz::must(referrals::decode_batch_record(once), "a record of ours is not read") == *record,
        "a record is read as another", once);
  }
  if (const auto account = accounts::decode_account(bytes))
    fuzz::require(fuzz::must(accounts::decode_account(accounts::encode_record(*account)),
                             "a record of ours is not read") == *account,
                  "an account is read as another", bytes);
  if (const auto token = accounts::decode_token(bytes))
    fuzz::require(fuzz::must(accounts::decode_token(accounts::encode_record(*token)),
                             "a record of ours is not read") == *token,
                  "a token is read as another", bytes);
  if (const auto entry = accounts::decode_platform(bytes))
    fuzz::require(fuzz::must(accounts::decode_platform(accounts::encode_record(*entry)),
                             "a record of ours is not read") == *entry,
                  "a platform is read as another", bytes);
}

constexpr std::array rule_types{"passthrough_referrer_created",
                                "passthrough_referrer_changed",
                                "passthrough_referrer_deleted",
                                "referrer_mapping_created",
                                "referrer_mapping_changed",
                                "referrer_mapping_deleted",
                                "passthrough_referrers_imported",
                                "referrer_mappings_imported",
                                "rules_restored",
                                "attribution_settings_changed"};
constexpr std::array system_types{
    "account_created",        "account_changed",      "api_token_created",
    "api_token_revoked",      "brand_platform_added", "brand_platform_changed",
    "brand_platform_removed", "log_restored",         "account_erased"};
constexpr std::array connection_types{"connection_registered", "connection_disabled",
                                      "connection_reactivated", "batch_received"};

/// Old schemas are read for ever and written as the newest, so the payload may change once.
template <class Read, class Write>
void check_kind(std::string_view type, int schema, std::string_view payload, const Read& read,
                const Write& write) {
  const auto first = read(type, schema, payload);
  if (!first)
    return fuzz::require(first.error().code == errc::corrupt_log && !first.error().message.empty(),
                         "damage without a name", first.error().message);
  const encoded_event once = write(*first);
  const auto second =
      fuzz::must(read(std::string_view(once.type), once.schema, std::string_view(once.payload)),
                 "an event of ours is not read");
  fuzz::require_equal(write(second).payload, once.payload, "an event is read as another");
}

void check_payloads(unsigned char which, std::string_view payload) {
  constexpr int schemas = 3;
  const auto type = which / schemas;
  const int schema = 1 + which % schemas;
  check_kind(rule_types[type % rule_types.size()], schema, payload, attribution::decode,
             [](const attribution::rule_event& event) { return attribution::encode(event); });
  check_kind(system_types[type % system_types.size()], schema, payload,
             accounts::decode_system_event,
             [](const accounts::system_event& event) { return accounts::encode(event); });
  check_kind(connection_types[type % connection_types.size()], schema, payload,
             referrals::decode_connection_event, [](const referrals::connection_event& event) {
               return encoded_event{std::string(referrals::type_of(event)),
                                    referrals::schema_of(event), referrals::encode(event)};
             });
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto bytes = fuzz::text_of(data, size);
  const auto which = static_cast<unsigned char>(fuzz::take_char(bytes));
  check_header(bytes);
  check_record(bytes);
  check_rows(bytes);
  store::recorded_event event;
  event.part.emplace().text = bytes;
  check_part(event);
  check_payloads(which, bytes);
  return 0;
}
