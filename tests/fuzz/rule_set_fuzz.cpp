// libFuzzer target: a host and a few rules. The compiled rule set must decide as the plain scan
// does, also where rules have changed since it was compiled, and no regex may match a host without
// one of its required literals. tests/fuzz/README.md has the input's grammar.

#include "domain/core/text.hpp"
#include "domain/matching/regex_literals.hpp"
#include "domain/rules/commands/rule_commands.hpp"
#include "tests/domain/resolve/plain_scan.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <optional>

using namespace headwater;
using namespace headwater::attribution;

namespace {

constexpr std::size_t max_commands = 24;

[[noreturn]] void fail(std::string_view what, std::string_view host, std::string_view detail) {
  std::cerr << what << "\nhost: " << host << '\n' << detail << std::endl;
  std::abort();
}

/// Takes up to the next line break.
std::string_view take_line(std::string_view& rest) {
  const auto line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  return line;
}

std::optional<std::string> match_type_of(char letter) {
  switch (letter) {
  case 'e':
    return "exact";
  case 'c':
    return "contains";
  case 's':
    return "starts_with";
  case 'd':
    return "ends_with";
  case 'r':
    return "regex";
  }
  return std::nullopt;
}

draft activity(char digit) {
  return {{{"is_active", digit % 2 == 1}}, {}};
}

/// The command that a line spells; nothing for a line that spells none.
std::optional<rule_command> command_of(std::string_view line) {
  if (line.size() < 2)
    return std::nullopt;
  const char kind = line[0], digit = line[1];
  const std::string text(line.substr(2));
  const auto id = static_cast<std::int64_t>(digit - '0');
  switch (kind) {
  case 'p':
    return create_passthrough_referrer{{{{"domain", text}, {"utm_source", std::string("s")}}, {}}};
  case '-':
    return delete_referrer_mapping{id, {}};
  case '~':
    return update_referrer_mapping{id, activity(text.empty() ? '0' : text[0]), false, {}};
  case '^':
    return delete_passthrough_referrer{id, {}};
  }
  const auto type = match_type_of(kind);
  if (!type)
    return std::nullopt;
  return create_referrer_mapping{{{{"referrer_pattern", text},
                                   {"match_type", *type},
                                   {"priority", id},
                                   {"utm_source", std::string("s")}},
                                  {}}};
}

void run(account_rules& rules, const rule_command& command) {
  const auto decided = decide(rules, command, {});
  if (!decided || !decided->event)
    return;
  const event_meta meta{rules.version() + 1, static_cast<micros>(rules.version())};
  if (const auto applied = rules.apply(*decided->event, meta); !applied)
    fail("a decided event does not apply", "", applied.error().message);
}

void check_literals(const referrer_mapping& rule, std::string_view host) {
  const auto literals = literals_of(rule.referrer_pattern);
  const auto* compiled = test::compiled_for_scan(rule.referrer_pattern);
  if (literals.empty() || !compiled || compiled->search(host) != match_result::match)
    return;
  if (std::ranges::none_of(literals,
                           [&](const auto& each) { return host.find(each) != host.npos; }))
    fail("a regex matches without a required literal", host, rule.referrer_pattern);
}

void check(const rule_set& set, const account_rules& rules, std::string_view host) {
  const auto found = set.match(host);
  const auto expected = test::scan_mappings(rules, host);
  // A set may stop at costly regexes that the scan goes past.
  if (found.limit_hits.empty() && (found.rule ? found.rule->id : 0) != expected)
    fail("the set maps by " + std::to_string(found.rule ? found.rule->id : 0) + ", the scan by " +
             std::to_string(expected),
         host, rules.canonical());
  if (test::passthrough_id(set, host) != test::scan_passthrough(rules, host))
    fail("another passthrough referrer than the scan's", host, rules.canonical());
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Clients' texts are valid UTF-8 by the time they are commands.
  const auto input = to_valid_utf8({reinterpret_cast<const char*>(data), size});
  std::string_view rest = input;
  const auto host = ascii_lower(take_line(rest));
  account_rules rules;
  auto base = compiled_rules::none();
  for (std::size_t i = 0; i < max_commands && !rest.empty(); ++i) {
    const auto line = take_line(rest);
    if (line == "=") {
      check(rule_set(base, rules), rules, host);
      base = std::make_shared<const compiled_rules>(rules);
    } else if (const auto command = command_of(line)) {
      run(rules, *command);
    }
  }
  check(rule_set(base, rules), rules, host);
  check(rule_set(rules), rules, host);
  if (is_ascii(host))
    rules.referrer_mappings().each([&](const auto& rule) {
      if (rule->match_type == match_type::regex)
        check_literals(*rule, host);
    });
  return 0;
}
