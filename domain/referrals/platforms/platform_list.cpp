#include "domain/referrals/platforms/platform_list.hpp"

#include "domain/core/keyed_hash.hpp"
#include "domain/referrals/platforms/shipped_platforms.hpp"

#include <algorithm>
#include <bit>
#include <set>

namespace headwater::referrals {
namespace {

constexpr unsigned char lower(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
}

/// A hash computed from the last byte to the first, so that one pass over a host yields the hash of
/// every parent domain. FNV-1a, except that start and factor are the process's secret: brands add
/// hosts of their own, and must not be able to make them collide.
class backward_hash {
public:
  void extend(char c) { state_ = (state_ ^ lower(c)) * factor_; }
  void extend(std::string_view text) {
    for (auto at = text.size(); at-- > 0;)
      extend(text[at]);
  }
  [[nodiscard]] std::uint64_t value() const { return hash_of_words(state_, 0); }

private:
  std::uint64_t state_ = process_secret().sip.first;
  std::uint64_t factor_ = process_secret().sip.second | 1U;
};

std::uint64_t hash_of(std::string_view text) {
  backward_hash hash;
  hash.extend(text);
  return hash.value();
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view host_part(std::string_view value) {
  return value.substr(0, value.find('/'));
}

/// The part that an entry is indexed by: a host path by its host.
std::string_view indexed_part(const platform_entry& entry) {
  return entry.kind == entry_kind::host_path ? host_part(entry.value) : entry.value;
}

/// Whether `path` is `prefix` or continues it with a new segment, a query or a fragment.
bool covers(std::string_view prefix, std::string_view path) {
  if (path.size() < prefix.size() || !same(path.substr(0, prefix.size()), prefix))
    return false;
  return path.size() == prefix.size() ||
         std::string_view{"/?#"}.find(path[prefix.size()]) != std::string_view::npos;
}

} // namespace

std::string_view to_string(entry_kind kind) noexcept {
  switch (kind) {
  case entry_kind::host:
    return "host";
  case entry_kind::host_path:
    return "host_path";
  case entry_kind::android_package:
    return "android_package";
  case entry_kind::token:
    return "token";
  }
  return "";
}

platform_list::platform_list(std::string version, std::vector<platform_entry> entries, naming names)
    : version_(std::move(version)), entries_(std::move(entries)) {
  std::set<std::string_view> seen;
  for (const auto& entry : entries_)
    if (seen.insert(entry.platform).second)
      platforms_.push_back(entry.platform);
  if (names == naming::token)
    for (auto name : platforms_)
      names_.push_back({name, entry_kind::token, name, nullptr});
  auto count = entries_.size() + names_.size();
  slots_.assign(std::bit_ceil(count * 4 + 1), 0);
  for (std::uint32_t entry = 0; entry < count; ++entry)
    index(entry);
}

const platform_list& platform_list::shipped() {
  static const platform_list list{std::string{shipped_version()},
                                  {shipped_entries().begin(), shipped_entries().end()}};
  return list;
}

const platform_entry& platform_list::at(std::uint32_t entry) const {
  return entry < entries_.size() ? entries_[entry] : names_[entry - entries_.size()];
}

void platform_list::index(std::uint32_t entry) {
  auto text = indexed_part(at(entry));
  has_idna_ |= text.find("xn--") != std::string_view::npos;
  if (at(entry).kind == entry_kind::token)
    longest_token_ = std::max(longest_token_, text.size());
  if (at(entry).kind == entry_kind::token || text.find('.') == text.npos)
    longest_word_ = std::max(longest_word_, text.size());
  auto slot = hash_of(text) & (slots_.size() - 1);
  while (slots_[slot] != 0)
    slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = entry + 1;
}

const platform_entry* platform_list::find(entry_kind kind, std::uint64_t hash,
                                          std::string_view text, std::string_view path) const {
  for (auto slot = hash & (slots_.size() - 1); slots_[slot] != 0;
       slot = (slot + 1) & (slots_.size() - 1)) {
    const auto& entry = at(slots_[slot] - 1);
    if (entry.kind != kind || !same(indexed_part(entry), text))
      continue;
    if (kind != entry_kind::host_path || covers(entry.value.substr(text.size()), path))
      return &entry;
  }
  return nullptr;
}

std::string_view platform_list::date() const {
  std::string_view latest;
  for (const auto& each : entries_)
    if (each.origin)
      latest = std::max(latest, each.origin->since);
  return latest;
}

const platform_entry* platform_list::find_host(std::string_view host, std::string_view path) const {
  backward_hash hash;
  const platform_entry* longest = nullptr;
  for (auto at = host.size(); at-- > 0;) {
    hash.extend(host[at]);
    if (at != 0 && host[at - 1] != '.')
      continue;
    auto suffix = host.substr(at);
    const auto value = hash.value();
    if (const auto* found = find(entry_kind::host_path, value, suffix, path))
      longest = found;
    else if (const auto* host_only = find(entry_kind::host, value, suffix, {}))
      longest = host_only;
  }
  return longest;
}

const platform_entry* platform_list::find_package(std::string_view package) const {
  return find(entry_kind::android_package, hash_of(package), package, {});
}

const platform_entry* platform_list::find_token(std::string_view token) const {
  return token.size() > longest_token_ ? nullptr
                                       : find(entry_kind::token, hash_of(token), token, {});
}

const platform_entry* platform_list::find_word(std::string_view word) const {
  if (word.size() > longest_word_)
    return nullptr;
  const auto hash = hash_of(word);
  const auto* token = find(entry_kind::token, hash, word, {});
  return token != nullptr ? token : find(entry_kind::host, hash, word, {});
}

} // namespace headwater::referrals
