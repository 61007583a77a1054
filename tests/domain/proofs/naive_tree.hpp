#pragma once

// RFC 6962, section 2.1, as it is written: recursive, over the leaves. What the tests compare with.

#include "domain/proofs/merkle_path.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace headwater::testing {

class naive_tree {
public:
  explicit naive_tree(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
      entries_.push_back("entry " + std::to_string(i * i));
  }

  [[nodiscard]] const std::string& entry(std::size_t index) const { return entries_.at(index); }

  /// MTH(D[begin:end]); remembered, because thousands of trees share their parts.
  digest root(std::size_t begin, std::size_t end) {
    const auto known = roots_.find({begin, end});
    if (known != roots_.end())
      return known->second;
    const auto n = end - begin;
    digest hash{};
    if (n == 0)
      hash = sha256({""});
    else if (n == 1)
      hash = sha256({std::string(1, '\0'), entry(begin)});
    else
      hash = sha256({std::string(1, '\1'), as_bytes(root(begin, begin + split(n))),
                     as_bytes(root(begin + split(n), end))});
    roots_[{begin, end}] = hash;
    return hash;
  }

  /// PATH(m, D[begin:end])
  std::vector<digest> path(std::size_t m, std::size_t begin, std::size_t end) {
    const auto n = end - begin;
    if (n == 1)
      return {};
    const auto k = split(n);
    auto out = m < k ? path(m, begin, begin + k) : path(m - k, begin + k, end);
    out.push_back(m < k ? root(begin + k, end) : root(begin, begin + k));
    return out;
  }

  /// SUBPROOF(m, D[begin:end], whole)
  std::vector<digest> subproof(std::size_t m, std::size_t begin, std::size_t end, bool whole) {
    const auto n = end - begin;
    if (m == n)
      return whole ? std::vector<digest>{} : std::vector<digest>{root(begin, end)};
    const auto k = split(n);
    auto out =
        m <= k ? subproof(m, begin, begin + k, whole) : subproof(m - k, begin + k, end, false);
    out.push_back(m <= k ? root(begin + k, end) : root(begin, begin + k));
    return out;
  }

private:
  static std::size_t split(std::size_t n) {
    std::size_t k = 1;
    while (k * 2 < n)
      k *= 2;
    return k;
  }

  std::vector<std::string> entries_;
  std::map<std::pair<std::size_t, std::size_t>, digest> roots_;
};

/// A tree of `naive`'s entries by a frontier whose subtrees are kept, as a store keeps them. Asked
/// for a subtree that is not complete within `limit` leaves it fails.
class kept_tree {
public:
  void append(const std::string& entry) {
    frontier.append(merkle_leaf(entry), [this](const merkle_subtree& made) {
      if (!kept.emplace(std::pair{made.level, made.index}, made.hash).second)
        throw std::logic_error{"a subtree was made twice"};
    });
  }

  [[nodiscard]] merkle_nodes nodes_of(std::uint64_t limit) const {
    return [this, limit](unsigned level, std::uint64_t index) -> result<digest> {
      if (level > 63 || index >= limit >> level)
        return error{errc::internal_error, "asked for an incomplete subtree"};
      const auto found = kept.find({level, index});
      if (found == kept.end())
        return error{errc::internal_error, "asked for an unknown subtree"};
      return found->second;
    };
  }

  merkle_frontier frontier;
  std::map<std::pair<unsigned, std::uint64_t>, digest> kept;
};

} // namespace headwater::testing
