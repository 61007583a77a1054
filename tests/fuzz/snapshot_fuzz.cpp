// libFuzzer target: the manifest of a snapshot and an account's kept state. Whatever is taken must
// be written again as the same bytes. Inputs cannot guess a SHA-256, so checksums are made to fit,
// too.

#include "domain/core/text.hpp"
#include "snapshots/account_states.hpp"
#include "snapshots/manifest.hpp"
#include "store/tables/keys.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/store/memory_log.hpp"

using namespace headwater;
using namespace headwater::snapshots;

namespace {

const store::stream_name stream = "account/acme";
constexpr std::size_t events = 3;

/// A log with a few events of the account, so that states of them are usable.
store::memory_log& log_here() {
  static store::memory_log log;
  static const bool is_filled = [] {
    store::append_command command;
    for (std::size_t i = 0; i < events; ++i)
      command.events.push_back({"thing_happened", 1, store::seal({"7", "r"}, {}, "{}", {})});
    store::append_request request{stream, 0, {command}};
    return log.append({&request, 1}, 1'000)[0].status == store::append_status::appended;
  }();
  fuzz::require(is_filled, "the log takes no events");
  return log;
}

void check_manifest(std::string_view text) {
  const auto read = parse_manifest(text);
  if (!read)
    return fuzz::require(read.error().message.starts_with(manifest_name),
                         "an error that names no file", read.error().message);
  fuzz::require_equal(write_manifest(*read), text, "a manifest is read as another");
  fuzz::require(read->merkle_root().has_value() == (read->version > 1), "a root by version", text);
}

/// The text with the checksum that it would have.
std::string with_checksum(std::string_view text) {
  std::string out(text);
  if (const auto at = out.find(R"(,"connections":)"); at != out.npos)
    out.insert(at, R"(,"checksum":")" + to_hex(sha256({text})) + '"');
  return out;
}

void check_state(std::uint64_t version, std::string_view text) {
  if (const auto rules = attribution::account_rules::from_canonical(text))
    fuzz::require_equal(rules->canonical(), text, "a state is read as another");
  auto& log = log_here();
  digest chain{};
  fuzz::must(log.read_stream(stream, version,
                             [&](const store::recorded_event& event) -> result<void> {
                               if (event.header.sequence == version)
                                 chain = event.chain;
                               return {};
                             }),
             "the log is not read");
  // state := 01 chain[32] sha256(key || chain || text) text, see store/FORMAT.md
  const auto key = store::stream_key(stream) + store::be64_key(version);
  std::string row("\1");
  row += as_bytes(chain);
  row += as_bytes(sha256({key, as_bytes(chain), text}));
  row += text;
  fuzz::must(store::put_row(log, store::table::states, key, row), "a row is not written");
  const auto found = find_state(log, log, stream);
  fuzz::require(found.rules.has_value() == found.passed_over.empty(),
                "a state is neither used nor passed over");
  if (found.rules) {
    fuzz::require_equal(found.rules->canonical(), text, "a state is used as another");
    fuzz::require(found.rules->version() == version, "a state of another version");
  }
  const store::table_write gone{store::table::states, key, std::nullopt};
  fuzz::must(log.put({&gone, 1}), "a row is not deleted");
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::text_of(data, size);
  check_manifest(text);
  check_manifest(with_checksum(text));
  const auto version = 1 + static_cast<unsigned char>(fuzz::take_char(text)) % events;
  check_state(version, text);
  return 0;
}
