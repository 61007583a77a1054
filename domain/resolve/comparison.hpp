#pragma once

// What a draft would change about visits: one visit's two attributions, and the count over a batch.
// Pure; owned by one request.

#include "domain/json/json_writer.hpp"
#include "domain/resolve/attribution.hpp"

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace headwater::attribution {

/// Whether a visit would be attributed in another way: outcome, session, UTM values, deciding rule
/// or AI platform differ. A rule that the draft changes is still the same rule.
[[nodiscard]] bool differ(const attribution_result& current, const attribution_result& drafted);

/// Appends {"current","drafted","changed"}.
void render(json_writer& out, const attribution_result& current, const attribution_result& drafted,
            bool explain);

class comparison {
public:
  void add(const attribution_result& current, const attribution_result& drafted);
  void add_error() { ++errors_; }

  /// Appends the summary: visits, errors (visits that have no attribution), changed, and of the
  /// changed ones how many went from which outcome to which (the most first); and of each rule how
  /// many visits it decided, the biggest change first.
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
  std::map<std::pair<std::string_view, std::int64_t>, decided> rules_; // by kind and id
};

} // namespace headwater::attribution
