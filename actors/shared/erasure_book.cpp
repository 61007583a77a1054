#include "actors/shared/erasure_book.hpp"

#include "domain/accounts/directory.hpp"

#include <algorithm>
#include <mutex>

namespace headwater::actors {

result<std::unique_ptr<erasure_book>> erasure_book::load(const store::table_store& tables) {
  auto out = std::make_unique<erasure_book>();
  std::optional<error> failed;
  auto scanned = tables.scan(store::table::directory, accounts::erased_prefix, {},
                             [&](std::string_view, std::string_view value) {
                               auto record = accounts::decode_erased_account(value);
                               if (!record) {
                                 failed = record.error();
                                 return false;
                               }
                               erasure_progress progress;
                               auto row = tables.get(store::table::side_facts,
                                                     erasure_key(record->account_id));
                               // What cannot be read is done again.
                               if (row && *row)
                                 if (auto known = decode_erasure_progress(**row))
                                   progress = std::move(*known);
                               progress.of = std::move(*record);
                               out->put(std::move(progress));
                               return true;
                             });
  if (!scanned)
    return scanned.error();
  if (failed)
    return std::move(*failed);
  return out;
}

bool erasure_book::contains(const std::string& account_id) const {
  if (is_empty_.load(std::memory_order_acquire))
    return false;
  std::shared_lock hold{lock_};
  return known_.contains(account_id);
}

std::optional<erasure_progress> erasure_book::find(const std::string& account_id) const {
  std::shared_lock hold{lock_};
  const auto found = known_.find(account_id);
  return found == known_.end() ? std::nullopt : std::optional{found->second};
}

void erasure_book::put(erasure_progress progress) {
  std::unique_lock hold{lock_};
  auto id = progress.of.account_id;
  known_.insert_or_assign(std::move(id), std::move(progress));
  is_empty_.store(false, std::memory_order_release);
}

std::vector<erasure_progress> erasure_book::unfinished() const {
  std::vector<erasure_progress> out;
  {
    std::shared_lock hold{lock_};
    for (const auto& [id, progress] : known_)
      if (progress.status != erasure_status::done)
        out.push_back(progress);
  }
  std::ranges::sort(out, {}, [](const erasure_progress& each) { return each.of.sequence; });
  return out;
}

} // namespace headwater::actors
