// libFuzzer target: the bodies of POST and PATCH for both kinds of rules, of PATCH for chosen ones,
// and of PATCH for the settings of attribution. Whatever is accepted must survive its event, its
// state on disk and its own answer: an event encodes and decodes to itself, a state to the same
// bytes, and a PATCH with what GET shows changes nothing.

#include "domain/json/fields.hpp"
#include "domain/json/json_reader.hpp"
#include "domain/rules/commands/rule_commands.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/rules.hpp"
#include "domain/rules/settings_fields.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <rapidjson/document.h>

using namespace headwater;
using namespace headwater::attribution;

namespace {

/// A body as a handler reads it, which blanks around it must not change.
result<draft> read_body(std::string_view json) {
  auto body = parse_draft(json);
  const auto spaced = parse_draft("\r\n " + std::string(json) + "\t\n");
  fuzz::require(body.has_error() == spaced.has_error(), "blanks around a body decide", json);
  if (!body) {
    fuzz::check_refusal(body.error());
    return body;
  }
  fuzz::require(*body == *spaced, "blanks around a body change it", json);
  fuzz::require(!nested_deeper_than(json, max_json_depth), "a body too deep is taken", json);
  fuzz::require(body->faults.size() <= max_told_faults, "too many faults", json);
  rapidjson::Document other;
  const std::string text(json);
  other.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag |
              rapidjson::kParseIterativeFlag>(text.c_str(), text.size());
  // RapidJSON finds numbers such as 1e999 too big although it was told to leave them as they are.
  fuzz::require(!other.HasParseError() ||
                    other.GetParseError() == rapidjson::kParseErrorNumberTooBig,
                "no other parser takes this", json);
  if (!other.HasParseError() && other.IsObject() && body->faults.empty())
    fuzz::require(other.MemberCount() == body->members.size(), "a member is lost", json);
  return body;
}

/// Decides, and checks what holds of every decision. Nothing if it is refused or changes nothing.
std::optional<rule_event> decided(const account_rules& rules, const rule_command& command) {
  auto decision = decide(rules, command, {});
  if (!decision) {
    fuzz::check_refusal(decision.error());
    return std::nullopt;
  }
  fuzz::require(decision->ignored_fields.size() <= max_told_faults, "too many ignored fields");
  if (!decision->event)
    return std::nullopt;
  const auto written = encode(*decision->event);
  const auto read = fuzz::must(decode(written.type, written.schema, written.payload),
                               "an event of ours is not read");
  fuzz::require(read == *decision->event, "an event is read as another", written.payload);
  fuzz::require_equal(encode(read).payload, written.payload, "an event has two texts");
  return std::move(decision->event);
}

void apply(account_rules& rules, const rule_event& event) {
  fuzz::must(rules.apply(event, {rules.version() + 1, static_cast<micros>(rules.version()) + 7}),
             "a decided event does not apply");
  const auto text = rules.canonical();
  const auto again = fuzz::must(account_rules::from_canonical(text), "a state is not read");
  fuzz::require_equal(again.canonical(), text, "a state is read as another");
}

/// A body of a change of chosen rules.
template <class Rule>
result<decision> decided_of_many(const account_rules& rules, std::string_view json) {
  auto read = parse_chosen_rules(json);
  if (!read)
    return read.error();
  fuzz::require(read->ids.size() <= max_chosen_rules, "too many ids", json);
  auto change = std::make_shared<const chosen_change<Rule>>(
      work_out(rules.of<Rule>(), std::move(*read), false));
  const rule_command command = change_rules<Rule>{std::move(change)};
  static_cast<void>(decided(rules, command));
  return decide(rules, command, {});
}

/// Of one rule it does what a PATCH of that rule does.
template <class Rule>
void check_many(const account_rules& rules, std::string_view patched, const draft& patch) {
  static_cast<void>(decided_of_many<Rule>(rules, patched));
  if (nested_deeper_than(patched, max_json_depth - 1))
    return;
  const auto one = decide(rules, update_rule<Rule>{1, patch}, {});
  const auto many =
      decided_of_many<Rule>(rules, R"({"ids":[1],"set":)" + std::string(patched) + "}");
  fuzz::require(one.has_error() == many.has_error(), "a PATCH of many decides otherwise", patched);
  if (!one)
    return;
  fuzz::require(one->event.has_value() == many->event.has_value(), "a PATCH of many changes less",
                patched);
  if (one->event)
    fuzz::require(std::get<rules_imported<Rule>>(*many->event).changed ==
                      std::vector{std::get<rule_changed<Rule>>(*one->event).rule},
                  "a PATCH of many sets something else", patched);
}

template <class Rule>
void check(std::string_view created, std::string_view patched) {
  const auto body = read_body(created);
  if (!body)
    return;
  account_rules rules;
  const auto strictly = decide(rules, create_rule<Rule>{*body, true}, {});
  const auto event = decided(rules, create_rule<Rule>{*body});
  fuzz::require(strictly.has_error() || event, "strict handling takes what else is refused",
                created);
  if (!event)
    return;
  apply(rules, *event);
  const auto shown = [&rules] {
    json_writer out;
    write_resource(out, *rules.template of<Rule>().find(1), "acme");
    return std::move(out).str();
  };
  const auto own = fuzz::must(parse_draft(shown()), "an answer is not JSON");
  fuzz::require(!decided(rules, update_rule<Rule>{1, own}), "what GET shows changes the rule",
                shown());
  const auto patch = read_body(patched);
  if (!patch)
    return;
  check_many<Rule>(rules, patched, *patch);
  if (const auto change = decided(rules, update_rule<Rule>{1, *patch})) {
    apply(rules, *change);
    const auto after = fuzz::must(parse_draft(shown()), "an answer is not JSON");
    fuzz::require(!decided(rules, update_rule<Rule>{1, after}), "what GET shows changes the rule",
                  shown());
  }
}

void check_settings(std::string_view first, std::string_view second) {
  account_rules rules;
  for (const auto sent : {first, second}) {
    const auto body = read_body(sent);
    if (!body)
      return;
    if (const auto change = decided(rules, update_settings{*body}))
      apply(rules, *change);
    json_writer out;
    write_resource(out, rules.settings(), "acme");
    const auto shown = std::move(out).str();
    const auto own = fuzz::must(parse_draft(shown), "an answer is not JSON");
    const auto again =
        fuzz::must(decide(rules, update_settings{own, true}, {}), "what GET shows is refused");
    fuzz::require(!again.event, "what GET shows changes the settings", shown);
  }
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto patched = fuzz::text_of(data, size);
  const auto created = fuzz::take_line(patched);
  check<passthrough_referrer>(created, patched);
  check<referrer_mapping>(created, patched);
  check_settings(created, patched);
  return 0;
}
