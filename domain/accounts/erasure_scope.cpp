#include "domain/accounts/erasure_scope.hpp"

#include <algorithm>

namespace headwater::accounts {

void erasure_scope::add(const system_event& event, std::int64_t sequence) {
  struct adder {
    erasure_scope& to;
    std::int64_t sequence;

    void operator()(const account_created& made) const { to.add_account(made.account, sequence); }
    void operator()(const account_changed& made) const { to.add_account(made.account, sequence); }
    void operator()(const api_token_created& made) const { to.add_token(made.token, sequence); }
    void operator()(const api_token_revoked& made) const { to.add_token(made.token, sequence); }
    void operator()(const brand_platform_added& made) const { add_entry(made.entry); }
    void operator()(const brand_platform_changed& made) const { add_entry(made.entry); }
    void operator()(const brand_platform_removed& made) const { add_entry(made.entry); }
    void operator()(const log_restored&) const {}
    void operator()(const account_erased& made) const { to.erased_.insert(made.account_id); }

    void add_entry(const brand_platform& entry) const {
      if (to.brands_.contains(entry.brand_id))
        to.events_.push_back(sequence);
    }
  };
  std::visit(adder{*this, sequence}, event);
}

void erasure_scope::add_account(const account& of, std::int64_t sequence) {
  if (of.account_id != account_id_)
    return;
  brands_ = {of.brand_ids.begin(), of.brand_ids.end()};
  events_.push_back(sequence);
}

void erasure_scope::add_token(const api_token& token, std::int64_t sequence) {
  if (token.accounts.all || !token.accounts.contains(account_id_))
    return;
  tokens_.try_emplace(token.id, token_trace{token.accounts, {}})
      .first->second.events.push_back(sequence);
}

bool erasure_scope::goes(const token_trace& token) const {
  return std::ranges::all_of(token.bound_to.ids, [this](const std::string& id) {
    return id == account_id_ || erased_.contains(id);
  });
}

std::vector<std::int64_t> erasure_scope::events() const {
  auto out = events_;
  for (const auto& [id, token] : tokens_)
    if (goes(token))
      out.insert(out.end(), token.events.begin(), token.events.end());
  std::ranges::sort(out);
  return out;
}

std::vector<std::int64_t> erasure_scope::token_ids() const {
  std::vector<std::int64_t> out;
  for (const auto& [id, token] : tokens_)
    if (goes(token))
      out.push_back(id);
  return out;
}

} // namespace headwater::accounts
