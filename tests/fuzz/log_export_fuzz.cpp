// libFuzzer target: changed exports of a log. Whatever the checker accepts has the events of the
// export that was signed, from the first on, with parts at most left out. Inputs cannot guess a
// signature, so they are changes of real exports; tests/fuzz/README.md has their grammar.

#include "store/audit/checkpoint_table.hpp"
#include "store/audit/export_check.hpp"
#include "store/audit/log_export.hpp"
#include "store/audit/stored_tree.hpp"
#include "store/disk/key_file.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/store/memory_log.hpp"

#include <array>
#include <sstream>
#include <vector>

using namespace headwater;
using namespace headwater::store;

namespace {

constexpr std::size_t events = 6;
constexpr std::size_t max_changes = 8;

const log_key& key_here() {
  static const auto key = make_log_key("headwater/test", std::string(32, 's')).value();
  return key;
}

void append(memory_log& log, const stream_name& stream) {
  append_command command;
  command.events.push_back({"thing_happened", 1, seal({"7", "r"}, {}, R"({"n":1})", {})});
  append_request request{stream, log.version(stream).value(), {command}};
  fuzz::require(log.append({&request, 1}, 1'000)[0].status == append_status::appended,
                "the log takes no event");
}

/// A signed log of two accounts and the system.
void fill(memory_log& log) {
  for (std::size_t i = 0; i < events; ++i)
    append(log, i % 3 == 2 ? "system" : "account/a" + std::to_string(i % 3));
  auto tree = fuzz::must(stored_tree::open(log.proofs(), log.tables()), "no tree");
  fuzz::must(tree.grow(log.proofs().provable_events(), events), "the tree does not grow");
  const auto note = fuzz::must(
      render(checkpoint{key_here().origin(), tree.size(), tree.root(), {}}, key_here().key),
      "no checkpoint");
  fuzz::must(put_checkpoint(log.proofs(), log.tables(), tree.size(), note), "no checkpoint");
}

/// The exports of all streams, of an account and of the system.
const std::array<std::string, 3>& real_exports() {
  static const auto all = [] {
    memory_log log;
    fill(log);
    std::array<std::string, 3> out;
    const std::array<std::optional<stream_name>, 3> which{std::nullopt, "account/a0", "system"};
    for (std::size_t i = 0; i < out.size(); ++i)
      fuzz::must(export_log(
                     log.events(), log.tables(), which[i],
                     [&](std::string_view bytes) -> result<void> {
                       out[i] += bytes;
                       return {};
                     },
                     [](std::uint64_t, std::uint64_t) {}),
                 "no export");
    return out;
  }();
  return all;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty())
    out.push_back(fuzz::take_line(text));
  return out;
}

/// One change: where (two bytes), how, and with what.
void change(std::string& text, std::string_view& rest) {
  const auto high = static_cast<unsigned char>(fuzz::take_char(rest));
  const auto low = static_cast<unsigned char>(fuzz::take_char(rest));
  const auto at = (high * 256U + low) % (text.size() + 1);
  const char how = fuzz::take_char(rest);
  const auto with = fuzz::take_line(rest);
  switch (how) {
  case '+':
    text.insert(at, with);
    break;
  case '=':
    text.replace(at, with.size(), with);
    break;
  case '-':
    text.erase(at, with.size());
    break;
  case '/': {                                    // the line is dropped
    const auto begin = text.rfind('\n', at) + 1; // npos + 1 is 0
    text.erase(begin, text.find('\n', at) - begin + 1);
    break;
  }
  case 'e': { // the part of the line's event is left out
    const auto part = text.find(R"("part":)", at);
    const auto end = text.find('\n', part);
    if (part != text.npos && end != text.npos)
      text.replace(part, end - part, R"("part":null,"salt":null})");
    break;
  }
  default:
    break;
  }
}

/// Whether the event is the real one, perhaps without its part.
bool is_real(std::string_view line, std::string_view real) {
  if (line == real)
    return true;
  const auto head = real.substr(0, real.find(R"(,"part":)"));
  return line == std::string(head) + R"(,"part":null,"salt":null})";
}

result<checked_export> check(const std::string& text) {
  std::istringstream in{text};
  return check_export(in, key_here().verifier, [](std::uint64_t) {});
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = fuzz::text_of(data, size);
  const auto& real = real_exports().at(static_cast<unsigned char>(fuzz::take_char(rest)) % 3);
  auto text = real;
  for (std::size_t i = 0; i < max_changes && !rest.empty(); ++i)
    change(text, rest);
  const auto checked = check(text);
  if (!checked) {
    fuzz::require(text != real, "a real export is refused", checked.error().message);
    fuzz::require(checked.error().code == errc::corrupt_log, "damage of another name");
    fuzz::require(checked.error().message.starts_with("line "), "damage without a line",
                  checked.error().message);
    return 0;
  }
  const auto lines = lines_of(text);
  const auto expected = lines_of(real);
  fuzz::require(lines.size() == expected.size() && lines.size() == checked->events + 1,
                "an export with other lines is accepted", text);
  std::uint64_t erased = 0;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    fuzz::require(is_real(lines[i], expected[i]), "a changed event is accepted", lines[i]);
    erased += lines[i] == expected[i] ? 0 : 1;
  }
  fuzz::require(erased == checked->erased, "another number of parts is missing", text);
  return 0;
}
