#pragma once

// What a draft would change about visits: the two attributions of one visit, and the counts over a
// batch. Pure; owned by one request.

#include "domain/json/json_writer.hpp"
#include "domain/resolve/attribution.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace headwater::attribution {

/// Whether the two attributions differ: outcome, session, UTM values, deciding rule, AI platform,
/// name of the source, channel or click id.
/// A rule that the draft changes is still the same rule.
[[nodiscard]] bool differ(const attribution_result& current, const attribution_result& drafted);

/// Appends {"current","drafted","changed"}.
void render(json_writer& out, const attribution_result& current, const attribution_result& drafted,
            bool explain);

class comparison {
public:
  void add(const attribution_result& current, const attribution_result& drafted);
  void add_error() { ++errors_; }

  /// Appends the summary: visits; errors (visits without an attribution); how many changed, and how
  /// many of those went from which outcome to which, most frequent first; and for each rule how
  /// many visits it decided, biggest change first.
  void write(json_writer& out) const;

private:
  struct decided {
    rule_reference rule;
    std::int64_t current = 0;
    std::int64_t drafted = 0;
  };
  void count(const attribution_result& of, std::int64_t decided::*in);
  void write_outcomes(json_writer& out) const;
  void write_rules(json_writer& out) const;

  std::int64_t visits_ = 0;
  std::int64_t errors_ = 0;
  std::int64_t changed_ = 0;
  std::map<std::pair<outcome, outcome>, std::int64_t> outcomes_;
  /// By kind, id and path.
  std::map<std::tuple<std::string_view, std::int64_t, std::string>, decided> rules_;
};

} // namespace headwater::attribution
