#pragma once

// The body of POST /resolve in JSON: visits, and a draft of rules to try on them. Pure; any thread.

#include "domain/core/error.hpp"
#include "domain/resolve/attribution.hpp"
#include "domain/rules/commands/rule_draft.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

inline constexpr std::size_t default_max_visits = 10'000;

/// One visit, or `{"visits":[...]}`, and with either "draft" and "compare". A bad visit of a batch
/// becomes an error in its place.
struct resolve_request {
  bool is_batch = false; ///< answer data.results; else there is exactly one visit
  std::vector<result<visit>> visits;
  std::optional<rule_draft> draft;
  bool compare = false;
  bool is_what_if = false; ///< whether "draft" or "compare" is present and not null
  /// Unknown members, each once and at most max_told_faults: "referer" and "session.source" of a
  /// single visit; in a batch "visits[3].referer", where that is the first visit that has it. The
  /// draft has its own list.
  std::vector<std::string> ignored_fields;
  std::vector<fault> faults; ///< of the body, except its visits and its draft

  /// The faults that fail the request, in the order of the body, including those of a single visit;
  /// the first max_told_faults.
  [[nodiscard]] std::vector<fault> all_faults() const;
};

/// Bytes that its visits take, which may be many times those of the text: of a session, or of the
/// error of a bad visit.
[[nodiscard]] std::size_t memory_of(const resolve_request& of);

/// errc::bad_request for anything but JSON; errc::payload_too_large above `max_visits`. `strict` is
/// "Prefer: handling=strict": unknown members are faults, in a batch an error in the visit's place.
[[nodiscard]] result<resolve_request>
parse_resolve_request(std::string_view json, std::size_t max_visits = default_max_visits,
                      bool strict = false);

} // namespace headwater::attribution
