#pragma once

// Which pages of which connections an ingest worker has already named in the referrals table, so
// that it does not write them for every push. Only a cache: a forgotten page is written again, with
// the same bytes. Owned by one worker, on its thread.

#include "domain/core/keyed_hash.hpp"
#include "domain/referrals/batch.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <string>
#include <vector>

namespace headwater::actors {

class named_pages {
public:
  /// Keeps only the pages that have not been named yet.
  void keep_unknown(const std::string& connection_id,
                    std::vector<referrals::named_page>& pages) const {
    const auto known = connections_.find(connection_id);
    if (known != connections_.end())
      std::erase_if(pages, [&](const auto& page) { return known->second.contains(page.id); });
  }

  void forget(const std::string& connection_id) {
    const auto known = connections_.find(connection_id);
    if (known == connections_.end())
      return;
    size_ -= known->second.size();
    connections_.erase(known);
  }

  /// Notes that these pages are on disk now.
  void remember(const std::string& connection_id, const std::vector<referrals::page_id>& pages) {
    if (size_ > max_pages) {
      connections_.clear();
      size_ = 0;
    }
    auto& known = connections_[connection_id];
    const auto before = known.size();
    known.insert(pages.begin(), pages.end());
    size_ += known.size() - before + 1;
  }

private:
  static constexpr std::size_t max_pages = 500'000; ///< about 8 MB

  using pages_of_one =
      boost::unordered_flat_set<referrals::page_id, keyed_hash<referrals::page_id>>;

  text_map<pages_of_one> connections_;
  std::size_t size_ = 0;
};

} // namespace headwater::actors
