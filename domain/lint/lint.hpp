#pragma once

// Finds what is probably wrong with an account's active rules and says it in words for a marketer:
// rules that never decide, patterns that match more than they should, regular expressions that cost
// too much. Pure: findings are a function of the arguments; time comes in through `give_up`. Call
// it on a thread that may be busy for a while: 50,000 rules take a good part of a second.
//
// Invariant: a finding says "never" only if no host at all could prove it wrong; whatever is likely
// but not certain says "may".

#include "domain/hosts/ai_platforms.hpp"
#include "domain/hosts/host.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/lists/source_lists.hpp"
#include "domain/resolve/cascade/resolver.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

class account_rules;
class rule_set;

/// error: the rule does not do what it says. warning: it probably does more or less than was meant.
/// info: worth knowing.
enum class lint_severity : std::uint8_t { error = 1, warning, info };

enum class lint_code : std::uint8_t {
  never_matches = 1,      ///< no host can match the pattern
  shadowed,               ///< rules before it match every host that it matches
  behind_passthrough,     ///< passthrough referrers cover every host that it matches
  regex_limit_hit,        ///< its evaluation was cut short, and counted as no match
  maybe_shadowed,         ///< a regular expression before it seems to match all that it matches
  partly_shadowed,        ///< some of its hosts go to a rule before it
  equal_priority,         ///< only the ids decide between it and others
  own_site,               ///< a host of the account's own site
  too_broad,              ///< matches sites that are hardly meant
  no_label_boundary,      ///< ends_with "partner.de" matches "mypartner.de"
  regex_without_anchor,   ///< matches anywhere within a host
  regex_without_literal,  ///< must run on every host
  regex_unescaped_dot,    ///< "google.com" matches "googlexcom"
  redundant_passthrough,  ///< a passthrough referrer of a parent domain does the same
  usual_passthrough_host, ///< a mapping of a payment, booking or login host
  repeats_ai_platform,    ///< says the same as the list of AI platforms
  overrides_ai_platform,  ///< takes visits from an AI platform that the list knows
  repeats_source_list,    ///< says the same as the list of search engines, of mail or of networks
  unassigned_channel,     ///< no channel has the medium of passthrough referrers; once for all
};
inline constexpr std::size_t lint_codes = 19;

[[nodiscard]] std::string_view to_string(lint_severity severity);
[[nodiscard]] std::string_view to_string(lint_code code);

/// A request that would fix a finding; the client adds `account_id`.
struct suggested_change {
  std::string method;
  std::string path; ///< "/referrer-mappings/7"
  std::string body; ///< a JSON object; empty for none
};

struct lint_finding {
  lint_code code{};
  lint_severity severity{};
  std::vector<rule_reference> rules; ///< the rule with the problem first, then others; at most 10
  std::string message;
  std::string suggestion;
  std::vector<suggested_change> fix; ///< to be sent in this order; empty: no fix is known
};

struct lint_options {
  /// Hosts of the account's own pages; anything that is not a domain is left out.
  std::vector<host> sites;
  /// Where the wanted findings start, in order of severity and then of evaluation.
  std::size_t offset = 0;
  std::size_t limit = 1'000;
  /// Called between two rules; once it returns true, the remaining rules are not checked.
  std::function<bool()> give_up;
};

struct lint_report {
  std::vector<lint_finding> findings;
  std::size_t total = 0;
  std::array<std::size_t, 3> by_severity{};
  std::array<std::size_t, lint_codes> by_code{};
  std::size_t rules = 0;          ///< active rules that were checked
  bool complete = true;           ///< false: it gave up before the last rule
  std::vector<std::string> sites; ///< the registrable domains that count as the account's own
};

/// `set` must be compiled from `rules`. An offset is honoured by linting twice, so that memory is
/// bounded by the limit and not by the number of findings.
[[nodiscard]] lint_report lint(const account_rules& rules, const rule_set& set,
                               const ai_platforms& platforms, const source_lists& lists,
                               const lint_options& options);

/// Appends the JSON object that /rules/lint answers.
void render(json_writer& out, const lint_report& report);

} // namespace headwater::attribution
