#pragma once

// Finds what an erasure must name: the events of the system stream that concern an account, and the
// tokens that go with it. Fed with the whole stream in order, on one thread. Memory grows with what
// is found.

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

  /// The next event that has not been erased.
  void add(const system_event& event, std::int64_t sequence);

  /// The account's own events, those of its brands' platforms while the brands were its own, and
  /// those of tokens for it alone, or for it and accounts already erased. Ascending.
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
  std::set<std::int64_t> brands_; ///< of the account, after the last event
  std::set<std::string> erased_;  ///< accounts
  std::map<std::int64_t, token_trace> tokens_;
  std::vector<std::int64_t> events_;
};

} // namespace headwater::accounts
