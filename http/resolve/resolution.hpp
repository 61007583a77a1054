#pragma once

// What all visits of one /resolve request share, and how one result is written. On a handler's
// stack; work in the background takes a copy, which keeps what it needs.

#include "actors/shared/metrics.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/lists/source_lists.hpp"
#include "domain/resolve/cascade/resolver.hpp"
#include "domain/resolve/input/visit_json.hpp"
#include "http/server/settings.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace headwater::http {

/// How long visits are resolved before other connections of this io thread get a turn.
inline constexpr std::chrono::microseconds longest_turn{250};

struct resolution {
  std::shared_ptr<const attribution::rule_set> rules;
  attribution::ai_platforms_ptr platforms; ///< of the account
  const settings& limits;
  actors::metrics& counters;
  bool explain = false;
  bool all_steps = false; ///< an explanation goes on after the step that decided
  bool strict = false;    ///< "Prefer: handling=strict": unknown members are errors
  std::shared_ptr<const attribution::draft_marks> draft = nullptr; ///< if the rules are drafted
  std::string_view as_of = {}; ///< for `meta`, if the rules are those of the past
  std::shared_ptr<const attribution::source_lists> lists =
      nullptr; ///< never null once visits are resolved

  [[nodiscard]] result<attribution::attribution_result>
  operator()(const attribution::visit& of) const;
};

/// Says when a turn is over. Reads the clock after each visit, because a single one may cost as
/// much as an account's rules allow.
class turn {
public:
  [[nodiscard]] bool is_over() const {
    return std::chrono::steady_clock::now() - began_ >= longest_turn;
  }
  /// Call it after the other connections have had their turns.
  void begin() { began_ = std::chrono::steady_clock::now(); }

private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// {"error":{"code","message"}}, which replaces a result in a batch.
void render_error(json_writer& out, const error& what);

/// One result of a batch: the attribution, or an error in its place.
void resolve_into(json_writer& out, const resolution& with, const attribution::visit& of,
                  std::span<const std::string> ignored_fields = {});
void resolve_into(json_writer& out, const resolution& with, const result<attribution::visit>& of);
/// One result line, which includes the names of ignored members of its visit.
void resolve_into(json_writer& out, const resolution& with,
                  const result<attribution::sent_visit>& of);

} // namespace headwater::http
