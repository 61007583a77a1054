#pragma once

// What all visits of one /resolve request share, and how one result is written. On the stack of a
// handler, on its io thread.

#include "domain/json/json_writer.hpp"
#include "domain/resolve/cascade/resolver.hpp"
#include "domain/resolve/input/visit_json.hpp"
#include "http/server/settings.hpp"

#include <prometheus/counter.h>

#include <chrono>
#include <memory>
#include <string_view>

namespace headwater::http {

/// How long visits are resolved before other connections of this io thread have a turn.
inline constexpr std::chrono::microseconds longest_turn{250};

struct resolution {
  std::shared_ptr<const attribution::rule_set> rules;
  const attribution::ai_platforms& platforms;
  const settings& limits;
  prometheus::Counter& regex_limit_hits;
  bool explain = false;
  bool strict = false; ///< "Prefer: handling=strict": members that nobody reads are errors
  const attribution::draft_marks* draft = nullptr; ///< where the rules are drafted ones
  std::string_view as_of = {}; ///< for `meta`, where the rules are those of the past

  [[nodiscard]] result<attribution::attribution_result>
  operator()(const attribution::visit& of) const;
};

/// Tells when a turn is over. The clock is asked after each visit, because one may cost as much as
/// an account's rules allow.
class turn {
public:
  [[nodiscard]] bool is_over() const {
    return std::chrono::steady_clock::now() - began_ >= longest_turn;
  }
  /// After the others had theirs.
  void begin() { began_ = std::chrono::steady_clock::now(); }

private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// {"error":{"code","message"}}, which stands in a batch in the place of a result.
void render_error(json_writer& out, const error& what);

/// One result of a batch: the attribution, or the error in its place.
void resolve_into(json_writer& out, const resolution& with, const result<attribution::visit>& of);
/// One result line, which names itself what of its visit was ignored.
void resolve_into(json_writer& out, const resolution& with,
                  const result<attribution::sent_visit>& of);

} // namespace headwater::http
