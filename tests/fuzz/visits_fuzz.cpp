// libFuzzer target: visits, alone, as lines of NDJSON and as the body of /resolve with a draft of
// rules. The shortcut must read what the parser reads; a visit alone, in a batch and in a line is
// the same visit; what is answered is JSON, and the same whether or not it is explained.

#include "domain/core/text.hpp"
#include "domain/json/json_reader.hpp"
#include "domain/referrals/platforms/allow_list.hpp"
#include "domain/resolve/cascade/resolver.hpp"
#include "domain/resolve/input/plain_visit.hpp"
#include "domain/resolve/input/resolve_request.hpp"
#include "domain/resolve/input/visit_json.hpp"
#include "domain/rules/rules.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace headwater;
using namespace headwater::attribution;

namespace {

constexpr std::size_t max_lines = 16;
constexpr std::size_t max_visits = 20;

std::string rendered(const attribution_result& what, bool explained) {
  json_writer out;
  render(out, what, explained);
  return std::move(out).str();
}

void check_answer(const visit& of) {
  static const rule_set none{account_rules{}};
  static const referrals::allow_list platforms;
  const auto& lists = *source_lists::shipped();
  const auto plain = resolve(none, platforms, lists, of, false);
  auto explained = resolve(none, platforms, lists, of, true);
  fuzz::require(plain.has_error() == explained.has_error(), "an explanation decides", of.url);
  if (!plain) {
    fuzz::check_refusal(plain.error());
    return;
  }
  fuzz::must(parse_draft(rendered(*explained, true)), "an explained answer is not JSON");
  fuzz::require_equal(rendered(*plain, false), rendered(*explained, false),
                      "an explanation changes the answer");
  const auto all = resolve_all_steps(none, platforms, lists, of);
  fuzz::require(all && all->explanation.size() == step_count, "a step is missing", of.url);
  fuzz::must(parse_draft(rendered(*all, true)), "an explanation of all steps is not JSON");
  fuzz::require_equal(rendered(*plain, false), rendered(*all, false),
                      "an explanation of all steps changes the answer");
  const bool continues = plain->outcome == outcome::internal ||
                         plain->outcome == outcome::passthrough ||
                         plain->outcome == outcome::continued;
  fuzz::require(plain->continues_session == (of.session.has_value() && continues),
                "a session is continued wrongly", of.url);
  fuzz::require(!of.session || !plain->continues_session || plain->utm == *of.session ||
                    (of.session->empty() && plain->utm.source == "(direct)"),
                "a continued session has other values", of.url);
  fuzz::require(!plain->source_name().empty() || plain->utm.source.empty(),
                "a source without a name", of.url);
  fuzz::require(!to_string(plain->channel).empty(), "a visit without a channel", of.url);
}

/// A line, or a body of one visit.
void check_visit(std::string_view json) {
  const auto read = parse_visit(json);
  const auto slowly = parse_visit_by_tokens(json);
  fuzz::require(read.has_error() == slowly.has_error(), "the shortcut decides", json);
  const auto strictly = parse_visit(json, true);
  fuzz::require(strictly.has_error() || read, "strict handling takes what else is refused", json);
  if (!read) {
    fuzz::require(read.error() == slowly.error(), "the shortcut gives another error", json);
    fuzz::check_refusal(read.error());
    return;
  }
  fuzz::require(static_cast<const visit&>(*read) == *slowly &&
                    read->ignored_fields == slowly->ignored_fields,
                "the shortcut reads another visit", json);
  check_answer(*read);
  const auto batch = parse_resolve_request(R"({"visits":[)" + std::string(json) + "]}");
  if (!batch) // one level deeper may be one too many
    return fuzz::require(nested_deeper_than(json, max_json_depth - 2), "a batch of a visit", json);
  fuzz::require(batch->is_batch && batch->visits.size() == 1, "a batch of one visit", json);
  fuzz::require(batch->visits[0] && *batch->visits[0] == *read, "a visit is another in a batch",
                json);
}

void check_body(std::string_view json) {
  const auto body = parse_resolve_request(json, max_visits);
  if (!body)
    return fuzz::check_refusal(body.error());
  fuzz::require(body->visits.size() <= max_visits, "too many visits", json);
  fuzz::require(body->is_batch || body->visits.size() <= 1, "visits without a batch", json);
  fuzz::require(body->all_faults().size() <= max_told_faults, "too many faults", json);
  fuzz::require(body->ignored_fields.size() <= max_told_faults, "too many ignored fields", json);
  fuzz::require(!body->draft || body->is_what_if, "a draft that is no question", json);
  if (body->draft) {
    const auto& draft = *body->draft;
    std::size_t changes = 0;
    for (const auto* each : {&draft.passthrough_referrers, &draft.referrer_mappings})
      changes += each->add.size() + each->change.size() + each->remove.size();
    fuzz::require(changes <= max_drafted_changes, "too many drafted changes", json);
    fuzz::require(draft.ignored_fields.size() <= max_told_faults, "too many ignored fields", json);
  }
  for (const auto& each : body->visits)
    if (each)
      check_answer(*each);
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = fuzz::text_of(data, size);
  check_body(input);
  auto rest = input;
  for (std::size_t i = 0; i < max_lines && !rest.empty(); ++i)
    check_visit(fuzz::take_line(rest));
  return 0;
}
