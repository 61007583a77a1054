#pragma once

// Who follows events at the moment. Each holds a connection for as long as it likes, so their
// number is bounded, in all and for each account, so that one leaves seats to others. Any thread.

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace headwater::http {

class followers {
public:
  /// At most so many, and so many of one account.
  followers(std::size_t in_all, std::size_t of_one) : in_all_(in_all), of_one_(of_one) {}
  followers(const followers&) = delete;
  followers& operator=(const followers&) = delete;

  /// A seat until it goes; null where none is left. `account_id` is empty for what no account owns.
  [[nodiscard]] std::shared_ptr<const void> enter(const std::string& account_id) {
    std::lock_guard hold{lock_};
    if (taken_ >= in_all_)
      return nullptr;
    auto& mine = by_account_[account_id];
    if (mine >= of_one_)
      return nullptr;
    ++mine;
    ++taken_;
    return {this, [this, account_id](const void*) { leave(account_id); }};
  }

private:
  void leave(const std::string& account_id) {
    std::lock_guard hold{lock_};
    --taken_;
    if (const auto at = by_account_.find(account_id); --at->second == 0)
      by_account_.erase(at);
  }

  const std::size_t in_all_;
  const std::size_t of_one_;
  std::mutex lock_;
  std::size_t taken_ = 0;
  std::map<std::string, std::size_t> by_account_;
};

} // namespace headwater::http
