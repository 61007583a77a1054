#pragma once

// A compiled regular expression over a host: PCRE2, caseless, UTF, unanchored, JIT where available,
// and bounded: every evaluation ends within the limits below. One compiled object may be matched
// from many threads at once; each thread keeps its own match block and JIT stack.

#include "domain/core/error.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace headwater::attribution {

enum class match_result : std::uint8_t { match = 1, no_match, limit_hit };

/// How much one evaluation may cost.
struct regex_limits {
  std::uint32_t match = 50'000;      ///< calls of the matcher's inner function; JIT obeys it too
  std::uint32_t depth = 5'000;       ///< interpreter only
  std::uint32_t heap_kib = 1'024;    ///< interpreter only
  std::uint32_t jit_stack_kib = 256; ///< at most, per thread
};

class regex {
public:
  /// errc::validation_error with PCRE2's message and offset, or naming the refused construct:
  /// \C, callouts, and any verb at the start such as (*LIMIT_MATCH=1), (*NO_JIT) or (*UTF).
  [[nodiscard]] static result<regex> compile(std::string_view pattern);

  [[nodiscard]] match_result search(std::string_view subject,
                                    const regex_limits& limits = {}) const;

  /// False where the machine has no JIT: then the interpreter's limits bound the evaluation.
  [[nodiscard]] bool is_jit_compiled() const;

private:
  struct code_deleter {
    void operator()(void* code) const;
  };
  explicit regex(void* code) : code_(code) {}

  std::unique_ptr<void, code_deleter> code_;
};

/// A pattern that compiles when it is first needed, once, and then stays with its rule.
class lazy_regex {
public:
  explicit lazy_regex(std::string pattern) : pattern_(std::move(pattern)) {}

  /// Null where the pattern does not compile (any more): such a rule matches nothing. Thread-safe.
  [[nodiscard]] const regex* get() const;

  /// How often an evaluation of the rule has hit a limit since the rule was loaded or its pattern
  /// changed: operational, in no log. Thread-safe.
  [[nodiscard]] std::uint64_t limit_hits() const {
    return limit_hits_.load(std::memory_order_relaxed);
  }
  void count_limit_hit() const { limit_hits_.fetch_add(1, std::memory_order_relaxed); }

private:
  std::string pattern_;
  mutable std::atomic<std::uint64_t> limit_hits_ = 0;
  mutable std::once_flag once_;
  mutable std::unique_ptr<const regex> compiled_;
};

} // namespace headwater::attribution
