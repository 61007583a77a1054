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
#include <vector>

namespace headwater::attribution {

enum class match_result : std::uint8_t {
  match = 1,
  no_match,
  limit_hit, ///< cut short
  not_run,   ///< the visit's budget was used up before
};

/// How much one evaluation may cost.
struct regex_limits {
  std::uint32_t match = 50'000;      ///< calls of the matcher's inner function; JIT obeys it too
  std::uint32_t depth = 5'000;       ///< interpreter only
  std::uint32_t heap_kib = 1'024;    ///< interpreter only
  std::uint32_t jit_stack_kib = 256; ///< at most, per thread
};

/// What all regexes of one visit may cost together, so that an account's rules, whatever they are,
/// hold a thread for milliseconds and not for seconds. Counted in calls of the matcher's inner
/// function, so that the same visit always gets the same answer. A search is charged the limit
/// under which it ended, which for most is the first and smallest.
///
/// Some patterns make one such call a thousand times as expensive as usual (long back references,
/// possessive runs over property classes), and compiling a regex takes time as well. So a visit's
/// regexes also end when the thread has used a hundred times the processor time that a sensible set
/// of rules needs; waiting for a processor does not count.
class match_budget {
public:
  /// Whether another search, or the next stage of one, may begin. The first of a visit reads no
  /// clock.
  [[nodiscard]] bool is_left() { return left_ == all || (left_ > 0 && !is_late()); }
  /// Whether there is time for other work of the visit. Reads the clock, and starts it.
  [[nodiscard]] bool has_time() { return !is_late(); }
  /// Takes up to `calls`; false if fewer are left.
  [[nodiscard]] bool take(std::uint64_t calls) {
    const bool enough = left_ >= calls;
    left_ = enough ? left_ - calls : 0;
    return enough;
  }

private:
  [[nodiscard]] bool is_late();

  static constexpr std::uint64_t all = 4'000'000;

  std::uint64_t left_ = all;
  std::int64_t began_ = 0;     ///< steady nanoseconds at the first look; 0: none yet
  std::int64_t cpu_began_ = 0; ///< the thread's, once some time has passed
};

class regex {
public:
  /// The largest compiled pattern that a new rule may have, machine code included. An ordinary one
  /// takes 1 to 4 KiB, and an account may have 50,000.
  static constexpr std::size_t max_bytes = std::size_t{16} << 10;

  /// errc::validation_error with PCRE2's message and offset, or naming the refused construct:
  /// \C, callouts, and any verb at the start such as (*LIMIT_MATCH=1), (*NO_JIT) or (*UTF).
  [[nodiscard]] static result<regex> compile(std::string_view pattern);

  [[nodiscard]] match_result search(std::string_view subject,
                                    const regex_limits& limits = {}) const;

  /// The same within the budget of a visit; limit_hit also if the budget runs out during the
  /// search.
  [[nodiscard]] match_result search(std::string_view subject, match_budget& budget) const;

  /// The size of the compiled pattern with its machine code.
  [[nodiscard]] std::size_t bytes() const;

  /// Comparing a back reference may take as long as the whole host, but is not counted as a call.
  [[nodiscard]] bool has_back_references() const;

  /// False if the machine has no JIT; the interpreter's limits then bound the evaluation.
  [[nodiscard]] bool is_jit_compiled() const;

private:
  struct code_deleter {
    void operator()(void* code) const;
  };
  explicit regex(void* code) : code_(code) {}

  std::unique_ptr<void, code_deleter> code_;
};

/// The memory that the compiled patterns of one account's rules take together, so that no account,
/// whatever its rules, takes more than a bounded share of the service's memory. Thread-safe.
class regex_memory {
public:
  /// Enough for 16,000 to 60,000 ordinary patterns.
  static constexpr std::size_t most = std::size_t{64} << 20;

  /// False, and nothing is taken, if fewer bytes are left.
  [[nodiscard]] bool take(std::size_t bytes);
  void give_back(std::size_t bytes) { taken_.fetch_sub(bytes, std::memory_order_relaxed); }
  [[nodiscard]] std::size_t taken() const { return taken_.load(std::memory_order_relaxed); }

private:
  std::atomic<std::size_t> taken_ = 0;
};

/// A compiled pattern for one use: either its rule's, which outlives the use, or one that this
/// owns.
class usable_regex {
public:
  usable_regex() = default;
  explicit usable_regex(const regex* kept) : code_(kept) {}
  explicit usable_regex(std::unique_ptr<const regex> own)
      : own_(std::move(own)), code_(own_.get()) {}

  explicit operator bool() const { return code_ != nullptr; }
  const regex* operator->() const { return code_; }

private:
  std::unique_ptr<const regex> own_;
  const regex* code_ = nullptr;
};

/// A pattern that is compiled on first use and then kept with its rule. If the account's memory is
/// full, it is compiled for each use instead.
class lazy_regex {
public:
  lazy_regex(std::string pattern, std::shared_ptr<regex_memory> memory)
      : pattern_(std::move(pattern)), memory_(std::move(memory)) {}
  ~lazy_regex();
  lazy_regex(const lazy_regex&) = delete;
  lazy_regex& operator=(const lazy_regex&) = delete;

  /// False if the pattern does not compile (any more); such a rule matches nothing. Thread-safe.
  [[nodiscard]] usable_regex get() const;

  /// A host must contain one of these before the pattern can match it (see required_literals);
  /// empty: nothing is known. Thread-safe.
  [[nodiscard]] const std::vector<std::string>& literals() const;

  /// False if the pattern cannot match this host, so it need not run. Thread-safe.
  [[nodiscard]] bool is_plausible(std::string_view host) const;

  /// The size of the compiled pattern that is kept; 0 until it is first used. Thread-safe.
  [[nodiscard]] std::size_t bytes() const;

  /// How often evaluating this rule has hit a limit since the rule was loaded or its pattern
  /// changed: a side fact, not in the log. Thread-safe.
  [[nodiscard]] std::uint64_t limit_hits() const {
    return limit_hits_.load(std::memory_order_relaxed);
  }
  void count_limit_hit() const { limit_hits_.fetch_add(1, std::memory_order_relaxed); }

private:
  std::string pattern_;
  std::shared_ptr<regex_memory> memory_;
  mutable std::atomic<std::uint64_t> limit_hits_ = 0;
  mutable std::atomic<const regex*> kept_ = nullptr; ///< set once
  mutable std::atomic<bool> is_broken_ = false;
  mutable std::once_flag literals_once_;
  mutable std::vector<std::string> literals_;
};

} // namespace headwater::attribution
