#pragma once

// What the linter's checks share. Private to lint*.cpp; lives for one run, on one thread.

#include "domain/core/keyed_hash.hpp"
#include "domain/lint/lint.hpp"
#include "domain/matching/regex_shape.hpp"
#include "domain/resolve/rule_set.hpp"
#include "domain/rules/rules.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace headwater::attribution::linting {

/// Counts all findings and keeps those inside a window, per severity. Findings of one severity
/// arrive in the order in which they are shown.
class collector {
public:
  struct window {
    std::size_t from = 0;
    std::size_t to = 0;
  };
  using windows = std::array<window, 3>;

  explicit collector(const windows& of) : windows_(of) {}

  /// `make()` builds the finding without code and severity; called only if the finding is kept.
  template <class Make>
  void add(lint_severity severity, lint_code code, Make&& make) {
    const auto level = static_cast<std::size_t>(severity) - 1;
    const auto place = by_severity_[level]++;
    ++by_code_[static_cast<std::size_t>(code) - 1];
    if (place < windows_[level].from || place >= windows_[level].to)
      return;
    lint_finding one = make();
    one.code = code;
    one.severity = severity;
    kept_[level].push_back(std::move(one));
  }

  [[nodiscard]] const std::array<std::size_t, 3>& by_severity() const { return by_severity_; }

  /// Moves counts and findings over, at most `limit` of them.
  void report(lint_report& to, std::size_t limit) &&;

private:
  windows windows_;
  std::array<std::size_t, 3> by_severity_{};
  std::array<std::size_t, lint_codes> by_code_{};
  std::array<std::vector<lint_finding>, 3> kept_;
};

/// The account's own sites by registrable domain, and the own domains of its settings.
class own_sites {
public:
  /// Settings and suffixes must outlive it.
  own_sites(const std::vector<host>& pages, const attribution_settings& settings,
            const public_suffixes& suffixes);

  /// The registrable domain, if the host belongs to the account; empty otherwise.
  [[nodiscard]] std::string_view of(std::string_view host) const;
  /// The own domain of the settings that is the host or a parent of it; empty if there is none.
  [[nodiscard]] std::string_view domain_of(std::string_view host) const;
  [[nodiscard]] std::vector<std::string> names() const;

private:
  const attribution_settings& settings_;
  const public_suffixes& suffixes_;
  text_map<host> by_domain_; ///< to one page of it
};

/// Mappings of equal priority that share a host, where one of the patterns matches many hosts.
struct tie {
  std::vector<std::int64_t> others; ///< at most 10
  bool has_more = false;
  bool is_unclear = false; ///< neither pattern lies within the other
  std::string host;        ///< one that both match
};

/// A host of the list of AI platforms whose visits a rule takes.
struct lost_host {
  std::string_view host;
  std::string_view platform;
};
/// By the id of the rule.
using lost_hosts = std::unordered_map<std::int64_t, std::vector<lost_host>>;

struct context {
  const account_rules& rules;
  const rule_set& set;
  const ai_platforms& platforms;
  const source_lists& lists;
  const own_sites& sites;
  std::string_view ai_medium; ///< what the list of AI platforms gives in this account
  std::unordered_map<std::int64_t, tie> ties; ///< by the mapping that they are shown at
  lost_hosts lost_to_mapping;
  lost_hosts lost_to_passthrough;
  collector out;
  /// Time is up: checks that ask the rule set, which may run regular expressions, are skipped.
  bool exhausted = false;
};

/// A mapping, with everything that its checks need.
struct subject {
  explicit subject(const referrer_mapping& of);

  const referrer_mapping& rule;
  regex_shape shape;                             ///< of a regex
  std::vector<std::string> literals;             ///< required ones of a regex
  std::optional<std::vector<std::string>> hosts; ///< all hosts that can match, where they are few
  /// A text that stands for the pattern: that of an exact or partial pattern, or a regex's text or
  /// tail, without dots at its ends. Empty: none.
  std::string text;

  [[nodiscard]] bool is(match_type type) const { return rule.match_type == type; }
};

// The checks, one file each. Every check is made of every rule, so that mending one finding does
// not bring up the next; only a rule that can never match, or that is about the account's own site,
// has nothing else to be told.

/// lint_own.cpp: rules about the account's own sites. True: it is one, and all is said.
bool check_own(context& in, const subject& of);
bool check_own(context& in, const passthrough_referrer& rule);
/// lint_never.cpp: patterns that no host can match. True: this is one.
bool check_never(context& in, const subject& of);
/// Rules of hosts whose visits count as without a referrer, since they are referrer spam.
bool check_spam(context& in, const subject& of);
bool check_spam(context& in, const passthrough_referrer& rule);
/// lint_shadow.cpp: rules that come before this one. True: it certainly never decides.
bool check_shadow(context& in, const subject& of);
/// lint_ties.cpp: records in in.ties what the mapping shares with others of its priority.
void note_ties(context& in, const subject& of);
void check_ties(context& in, const subject& of);
/// lint_breadth.cpp: hosts matched by mistake.
void check_breadth(context& in, const subject& of);
/// lint_regex.cpp: problems that only regular expressions have.
void check_regex(context& in, const subject& of);
/// lint_hosts.cpp: hosts that are special in themselves.
void check_hosts(context& in, const subject& of);
/// lint_platforms.cpp: tries every host of the list of AI platforms on the rules and records in
/// in.lost_to_mapping and in.lost_to_passthrough whose visits are lost to which. `is_late` ends it.
void note_lost_platforms(context& in, const std::function<bool()>& is_late);
/// What that has found. `is_dead`: another rule decides instead of this one.
void check_platforms(context& in, const subject& of, bool is_dead);
void check_platforms(context& in, const passthrough_referrer& rule);
/// lint_sources.cpp: what the lists of search engines, of mail and of networks say by themselves.
void check_sources(context& in, const subject& of, bool is_dead);
/// The list entry that gives the same values to the visits that the mapping is about; null if there
/// is none.
[[nodiscard]] const known_source* said_by_list(const context& in, const subject& of);
/// lint_passthrough.cpp: everything about a passthrough referrer.
void check_passthrough(context& in, const passthrough_referrer& rule);
/// What is to be said of all of them at once.
void check_channels(context& in);

/// lint_never.cpp: whether some host can contain the text in the way that `type` says.
[[nodiscard]] bool is_possible(std::string_view text, match_type type);
/// Whether a referrer can have exactly this host.
[[nodiscard]] bool is_host(std::string_view text);
/// Whether this is a public suffix such as "de" or "co.uk", below which sites are unrelated.
[[nodiscard]] bool is_public_suffix(const context& in, std::string_view text);
/// lint_shadow.cpp: whether the rule comes before the other in evaluation order.
[[nodiscard]] bool is_before(const referrer_mapping& rule, const referrer_mapping& other);
/// Whether `outer` certainly matches everything that `inner` matches; never true for regular
/// expressions.
[[nodiscard]] bool lies_within(const referrer_mapping& inner, const referrer_mapping& outer);
/// lint_breadth.cpp: ", a public suffix by Mozilla's public suffix list of 2026-08-19"; empty for
/// what is none on it
[[nodiscard]] std::string suffix_words(const context& in, std::string_view text);
/// lint_never.cpp: the registrable domain of a host, or the host itself where it has none: what has
/// one owner.
[[nodiscard]] std::string_view owner_of(const context& in, std::string_view host);
/// lint_breadth.cpp: the hosts among `caught` that belong to no owner of `meant`.
[[nodiscard]] std::vector<std::string_view>
of_other_owners(const context& in, std::vector<std::string_view> caught,
                const std::vector<std::string_view>& meant);
/// How many candidates are checked for one host.
inline constexpr std::size_t most_candidates = 16;

} // namespace headwater::attribution::linting
