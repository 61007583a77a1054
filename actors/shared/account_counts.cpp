#include "actors/shared/account_counts.hpp"

#include "actors/views/projections.hpp"
#include "actors/views/stored_rows.hpp"
#include "domain/core/try.hpp"

#include <utility>

namespace headwater::actors {
namespace {

constexpr std::size_t most_known = 100'000; // accounts

error beyond_quota(const std::string& account_id, const char* what, std::uint64_t limit,
                   std::uint64_t used, std::uint64_t adds) {
  return {errc::quota_exceeded,
          "The quota of account " + account_id + " is " + std::to_string(limit) + " " + what +
              "; " + std::to_string(used) + " are used, and this adds " + std::to_string(adds)};
}

} // namespace

result<store::usage> usage_of_account(const store::table_reader& tables,
                                      const std::string& account_id) {
  std::vector<std::string> keys{account_usage_key(account_id), token_usage_key(account_id)};
  TRY(const auto account, stored_account(tables, account_id));
  if (account)
    for (const auto brand : account->brand_ids) {
      keys.push_back(brand_usage_key(brand));
      keys.push_back(platform_usage_key(brand));
    }
  store::usage out;
  for (const auto& key : keys) {
    TRY(const auto row, tables.get(store::table::usage, key));
    if (!row)
      continue;
    const auto one = store::decode_usage(*row);
    if (!one)
      return error{errc::corrupt_log, "a count of account " + account_id + " is damaged"};
    out += *one;
  }
  return out;
}

result<void> account_counts::check(const std::string& account_id, const store::usage& used,
                                   const store::usage& adds) const {
  if (used.bytes + adds.bytes > quota_.bytes)
    return beyond_quota(account_id, "bytes of events", quota_.bytes, used.bytes, adds.bytes);
  if (used.events + adds.events > quota_.events)
    return beyond_quota(account_id, "events", quota_.events, used.events, adds.events);
  return {};
}

result<void> account_counts::take(const std::string& account_id, const store::usage& adds) {
  TRY(auto used, used_by(account_id));
  const std::lock_guard hold{lock_};
  if (const auto known = used_.find(account_id); known != used_.end())
    used = known->second; // another has taken some since
  if (const auto waits = waiting_.find(account_id); waits != waiting_.end())
    used += waits->second;
  CHECK(check(account_id, used, adds));
  add(account_id, adds);
  return {};
}

// What is read is kept only if no append can have changed it meanwhile, or it would be counted
// twice: once as read, and once when it is settled.
result<store::usage> account_counts::used_by(const std::string& account_id) {
  std::uint64_t reading = 0;
  {
    const std::lock_guard hold{lock_};
    if (const auto known = used_.find(account_id); known != used_.end())
      return known->second;
    reading = ++readings_;
    if (!waiting_.contains(account_id))
      undisturbed_[account_id] = reading;
  }
  auto used = usage_of_account(log_->tables(), account_id);
  const std::lock_guard hold{lock_};
  const auto mine = undisturbed_.find(account_id);
  if (mine == undisturbed_.end() || mine->second != reading)
    return used;
  undisturbed_.erase(mine);
  if (used)
    keep(account_id, *used);
  return used;
}

void account_counts::take_anyway(const std::string& account_id, const store::usage& adds) {
  const std::lock_guard hold{lock_};
  add(account_id, adds);
}

void account_counts::give_back(const std::string& account_id, const store::usage& adds) {
  const std::lock_guard hold{lock_};
  drop(account_id, adds);
}

void account_counts::load(const std::string& account_id) {
  {
    const std::lock_guard hold{lock_};
    if (used_.contains(account_id))
      return;
  }
  const auto used = usage_of_account(log_->tables(), account_id);
  if (!used)
    return; // whoever takes room is told why
  const std::lock_guard hold{lock_};
  keep(account_id, *used);
}

void account_counts::settle(const std::string& account_id, const store::usage& taken,
                            const store::usage& added) {
  const std::lock_guard hold{lock_};
  drop(account_id, taken);
  if (const auto known = used_.find(account_id); known != used_.end())
    known->second += added;
}

void account_counts::forget(const std::string& account_id) {
  const std::lock_guard hold{lock_};
  used_.erase(account_id);
  undisturbed_.erase(account_id);
}

void account_counts::keep(const std::string& account_id, const store::usage& used) {
  if (used_.size() >= most_known)
    used_.clear();
  used_.insert_or_assign(account_id, used);
}

void account_counts::add(const std::string& account_id, const store::usage& adds) {
  waiting_[account_id] += adds;
  undisturbed_.erase(account_id);
}

void account_counts::drop(const std::string& account_id, const store::usage& taken) {
  const auto waits = waiting_.find(account_id);
  if (waits == waiting_.end())
    return;
  waits->second.events -= taken.events;
  waits->second.bytes -= taken.bytes;
  if (waits->second == store::usage{})
    waiting_.erase(waits);
}

} // namespace headwater::actors
