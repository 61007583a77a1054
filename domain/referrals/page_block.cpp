#include "domain/referrals/page_block.hpp"

#include "domain/core/digest.hpp"
#include "domain/core/ordered_bytes.hpp"

#include <algorithm>
#include <cstring>

namespace headwater::referrals {

page_id page_id_of_hash(std::string_view hash) {
  return read_big_endian<page_id>(hash.substr(0, sizeof(page_id)));
}

page_id page_id_of(std::string_view raw_page_value) {
  return page_id_of_hash(as_bytes(sha256({raw_page_value})));
}

page_id distinct_pages::add(std::string_view text) {
  const auto [place, fresh] = ids_.try_emplace(text);
  if (fresh) {
    const auto whole = sha256({text});
    named_page page{page_id_of_hash(as_bytes(whole)), {}, text};
    std::memcpy(page.hash.data(), whole.data(), page.hash.size());
    place->second = page.id;
    pages_.push_back(page);
  }
  return place->second;
}

std::string page_block_prefix(std::string_view connection_id) {
  return "p/" + std::string{connection_id};
}

std::string page_block_key(std::string_view connection_id, page_id page) {
  auto key = page_block_prefix(connection_id);
  key.push_back(static_cast<char>(page_shard_of(page)));
  return key;
}

std::vector<block_write> page_blocks(std::string_view connection_id,
                                     std::vector<named_page> pages) {
  std::ranges::sort(pages, {}, &named_page::hash);
  std::vector<block_write> out;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (i == 0 || page_shard_of(pages[i].id) != page_shard_of(pages[i - 1].id)) {
      if (!out.empty())
        out.back().block.shrink_to_fit();
      out.push_back({page_block_key(connection_id, pages[i].id), empty_block()});
    }
    append_entry(out.back().block, bytes_of(pages[i].hash), pages[i].text);
  }
  return out;
}

} // namespace headwater::referrals
