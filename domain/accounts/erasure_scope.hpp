#pragma once

// Which events of the system stream tell of an account, and which tokens it takes along: what an
// erasure names. Fed with the whole stream in order, on one thread. Memory grows with what is
// found.

#include "domain/accounts/system_events.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace headwater::accounts {

class erasure_scope {
public:
  explicit erasure_scope(std::string account_id) : account_id_(std::move(account_id)) {}

  /// The next event that is not erased yet.
  void add(const system_event& event, std::int64_t sequence);

  /// The account's own events, those of its brands' platforms while they were its brands, and those
  /// of tokens for it alone, or for it and accounts that are erased already. Ascending.
  [[nodiscard]] std::vector<std::int64_t> events() const;
  /// Those tokens, ascending.
  [[nodiscard]] std::vector<std::int64_t> token_ids() const;

private:
  struct token_trace {
    const account_list bound_to;
    std::vector<std::int64_t> events;
  };

  void add_account(const account& of, std::int64_t sequence);
  void add_token(const api_token& token, std::int64_t sequence);
  [[nodiscard]] bool goes(const token_trace& token) const;

  std::string account_id_;
  std::set<std::int64_t> brands_; ///< of the account, as of the last event
  std::set<std::string> erased_;  ///< accounts
  std::map<std::int64_t, token_trace> tokens_;
  std::vector<std::int64_t> events_;
};

} // namespace headwater::accounts
