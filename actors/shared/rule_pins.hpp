#pragma once

// Which versions of an account's rules are held by answers that wait for their clients, so that
// slow clients cannot keep many versions in memory: where more than one old version's worth of
// rules is held, the answers with the oldest versions are called off. Any thread.
//
// Versions share what did not change between them. So an old version costs as many rules as have
// changed until the next newer one that is held:
//
//   changes   0 ------- 25'000 --- 25'010 ------- 50'010 = now
//   held      a           b           c
//   costs     25'000      10          25'000         c stays; b and a are called off

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

namespace headwater::actors {

class rule_pins {
public:
  /// Turns true when the answer that holds it must end.
  using flag = std::shared_ptr<const std::atomic<bool>>;

  /// Of old versions beside the newest of them, which may be of any size.
  static constexpr std::size_t most_rules = 25'000;

  /// For an answer that is about to take the current rules, `rules` of them; to be kept as long as
  /// those are.
  [[nodiscard]] flag take(std::size_t rules) {
    std::lock_guard hold{lock_};
    auto& known = held_[changes_];
    auto here = known.lock();
    if (!here)
      known = here = std::make_shared<version>(rules);
    return {here, &here->must_end};
  }

  /// So many rules were added, removed or changed.
  void replace(std::size_t changed) {
    std::lock_guard hold{lock_};
    std::erase_if(held_, [](const auto& each) { return each.second.expired(); });
    changes_ += changed;
    std::size_t in_all = 0;
    auto newer = changes_;
    for (auto at = held_.rbegin(); at != held_.rend(); ++at) {
      const auto here = at->second.lock();
      if (!here || at->first == changes_)
        continue;
      const bool is_newest = in_all == 0;
      in_all += std::min<std::uint64_t>(here->rules, newer - at->first);
      newer = at->first;
      if (!is_newest && in_all > most_rules)
        here->must_end.store(true, std::memory_order_relaxed);
    }
  }

private:
  struct version {
    explicit version(std::size_t of_rules) : rules(of_rules) {}
    const std::size_t rules;
    std::atomic<bool> must_end = false;
  };

  std::mutex lock_;
  std::uint64_t changes_ = 0;                            // since the account was loaded
  std::map<std::uint64_t, std::weak_ptr<version>> held_; // by changes_ at their time
};

} // namespace headwater::actors
