// libFuzzer target: documents of rules, JSON and CSV. An import that is accepted must be imported
// again without a change, and so must the CSV and the JSON that the service exports of it.

#include "domain/core/csv.hpp"
#include "domain/json/fields.hpp"
#include "domain/rules/commands/rule_commands.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/rules.hpp"
#include "domain/rules/transfer/rule_export.hpp"
#include "domain/rules/transfer/rule_import_reader.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <memory>

using namespace headwater;
using namespace headwater::attribution;

namespace {

constexpr std::size_t max_rows = 50;

template <class Rule>
result<import_rows<Rule>> read(std::string_view text, import_format format, bool strict = false) {
  return read_import<Rule>(text, format, {"acme", strict, max_rows, max_json_depth});
}

template <class Rule>
result<decision> import_into(const account_rules& rules, import_rows<Rule> rows, import_mode mode) {
  const import_rules<Rule> command{std::make_shared<const import_rows<Rule>>(std::move(rows)),
                                   mode};
  return decide(rules, command, {});
}

template <class Rule>
std::string to_csv(const account_rules& rules) {
  std::string out;
  append_csv_header<Rule>(out);
  rules.of<Rule>().each([&out](const auto& rule) { append_csv_row(out, *rule, "acme"); });
  return out;
}

template <class Rule>
std::string to_json(const account_rules& rules) {
  json_writer out;
  out.begin_array();
  rules.of<Rule>().each([&out](const auto& rule) { write_resource(out, *rule, "acme"); });
  out.end_array();
  return std::move(out).str();
}

/// The document gives back exactly these rules.
template <class Rule>
void check_same(const account_rules& rules, const std::string& text, import_format format) {
  for (const auto mode : {import_mode::merge, import_mode::replace}) {
    auto rows = fuzz::must(read<Rule>(text, format, true), "an export is not read");
    fuzz::require(rows.fault_count == 0, "an export has faults", text);
    const auto again =
        fuzz::must(import_into<Rule>(rules, std::move(rows), mode), "an export is refused");
    fuzz::require(!again.event, "importing an export changes the rules", text);
  }
}

template <class Rule>
void check(std::string_view text, import_format format, import_mode mode) {
  auto rows = read<Rule>(text, format);
  if (!rows)
    return fuzz::check_refusal(rows.error());
  fuzz::require(rows->rows.size() <= max_rows, "too many rows");
  fuzz::require(rows->ignored_fields.size() <= max_told_faults, "too many ignored fields");
  fuzz::require(static_cast<std::size_t>(rows->fault_count) >= rows->faults.size(),
                "more faults than are counted");
  const auto row_count = rows->rows.size();
  account_rules rules;
  const auto decided = import_into<Rule>(rules, std::move(*rows), mode);
  if (!decided)
    return fuzz::check_refusal(decided.error());
  if (!decided->event)
    return fuzz::require(row_count == 0, "rows that add nothing to nothing", text);
  const auto written = encode(*decided->event);
  fuzz::require(fuzz::must(decode(written.type, written.schema, written.payload),
                           "an event of ours is not read") == *decided->event,
                "an event is read as another", written.payload);
  fuzz::must(rules.apply(*decided->event, {1, 1'700'000'000'000'000}), "an import does not apply");
  fuzz::require(rules.of<Rule>().total() == row_count, "a row is lost", text);
  check_same<Rule>(rules, to_csv<Rule>(rules), import_format::csv);
  check_same<Rule>(rules, to_json<Rule>(rules), import_format::json);
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::text_of(data, size);
  const auto options = static_cast<unsigned char>(fuzz::take_char(text));
  const auto format = options % 2 == 0 ? import_format::json : import_format::csv;
  const auto mode = options / 2 % 2 == 0 ? import_mode::merge : import_mode::replace;
  check<passthrough_referrer>(text, format, mode);
  check<referrer_mapping>(text, format, mode);
  fuzz::require_equal(unguarded(guarded(text)), text, "a guard is not taken away");
  return 0;
}
