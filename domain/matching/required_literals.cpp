#include "domain/matching/required_literals.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace headwater::attribution {
namespace {

constexpr std::size_t max_known = 16;   // literals in starts_ and ends_
constexpr std::size_t max_wanted = 32;  // literals in wanted_
constexpr std::size_t max_length = 64;  // of a literal
constexpr std::size_t max_bytes = 256;  // of best(), so that an automaton over it stays small
constexpr std::size_t long_enough = 8;  // from here on fewer literals are worth more than longer
constexpr std::size_t max_repeated = 8; // from here on another copy adds nothing

bool says_nothing(const literal_set& set) {
  return set.front().empty(); // sorted
}

literal_set sorted(literal_set set) {
  std::ranges::sort(set);
  set.erase(std::unique(set.begin(), set.end()), set.end());
  return set;
}

/// Any text that contains a literal contains its parts, so a literal that contains another is
/// redundant.
literal_set without_idle(literal_set set) {
  std::ranges::sort(set, {}, &std::string::size);
  auto kept = set.begin();
  for (auto each = set.begin(); each != set.end(); ++each) {
    const bool idle = std::any_of(
        set.begin(), kept, [&](const std::string& part) { return each->find(part) != each->npos; });
    if (idle)
      continue;
    if (kept != each)
      *kept = std::move(*each);
    ++kept;
  }
  set.erase(kept, set.end());
  std::ranges::sort(set);
  return set;
}

literal_set united(const literal_set& left, const literal_set& right) {
  literal_set both;
  std::ranges::set_union(left, right, std::back_inserter(both));
  return both;
}

literal_set at_most(std::size_t most, literal_set set) {
  return set.size() <= most ? std::move(set) : literal_set{""};
}

/// Every text of `left` followed by every text of `right`; nothing if there would be too many.
std::optional<literal_set> crossed(const literal_set& left, const literal_set& right) {
  if (left.size() * right.size() > max_known)
    return std::nullopt;
  literal_set both;
  both.reserve(left.size() * right.size());
  for (const auto& head : left)
    for (const auto& tail : right) {
      if (head.size() + tail.size() > max_length)
        return std::nullopt;
      both.push_back(head + tail);
    }
  return sorted(std::move(both));
}

auto rank(const literal_set& set) {
  const auto shortest = std::ranges::min(set, {}, &std::string::size).size();
  return std::tuple(std::min(shortest, long_enough), max_wanted - set.size(), shortest);
}

void improve(literal_set& wanted, literal_set other) {
  if (rank(other) > rank(wanted))
    wanted = std::move(other);
}

} // namespace

required_literals required_literals::nothing() {
  auto any = text("");
  any.loosen();
  return any;
}

required_literals required_literals::text(std::string literal) {
  literal_set only;
  only.push_back(std::move(literal));
  return required_literals(std::move(only));
}

required_literals required_literals::one_of(literal_set literals) {
  return required_literals(sorted(std::move(literals)));
}

void required_literals::loosen() {
  if (!exact_)
    return;
  exact_ = false;
  ends_ = starts_;
  wanted_ = without_idle(starts_);
}

// While both parts are exact, sets multiply: "(a|b)" then "c" is exactly {ac, bc}. Once a part is
// open on a side, only what touches the seam can grow, so the seam is crossed and offered as a new
// candidate for wanted_:
//
//   (a|b)cd     exact: {acd, bcd}
//   then .*     starts_ {acd, bcd}   ends_ {""}   wanted_ {acd, bcd}
//   then ef     starts_ {acd, bcd}   ends_ {ef}   wanted_ stays, because {ef} is shorter
//
// A set that would become too large is replaced by the one that says nothing, {""}. That is always
// sound: a literal may be lost, never invented. So sets have 16 members of 64 bytes at most, and
// the work per step is bounded however the pattern nests "(a|b)(a|b)(a|b)...", whose exact set
// would double with each group.
void required_literals::append(required_literals next) {
  if (exact_ && next.exact_ && starts_.size() == 1 && next.starts_.size() == 1 &&
      starts_[0].size() + next.starts_[0].size() <= max_length) {
    starts_[0] += next.starts_[0];
    return;
  }
  auto joined = crossed(exact_ ? starts_ : ends_, next.starts_);
  if (exact_ && next.exact_ && joined) {
    starts_ = std::move(*joined);
    return;
  }
  const bool begins = exact_, finishes = next.exact_;
  loosen();
  next.loosen();
  improve(wanted_, std::move(next.wanted_));
  if (joined)
    improve(wanted_, without_idle(*joined));
  if (joined && begins)
    starts_ = *joined;
  ends_ = joined && finishes ? std::move(*joined) : std::move(next.ends_);
}

void required_literals::unite(required_literals other) {
  if (exact_ && other.exact_) {
    auto both = united(starts_, other.starts_);
    if (both.size() <= max_known) {
      starts_ = std::move(both);
      return;
    }
  }
  loosen();
  other.loosen();
  starts_ = at_most(max_known, united(starts_, other.starts_));
  ends_ = at_most(max_known, united(ends_, other.ends_));
  wanted_ = at_most(max_wanted, without_idle(united(wanted_, other.wanted_)));
}

void required_literals::repeat(std::size_t least, std::optional<std::size_t> most) {
  if (least == 0) {
    auto none = text("");
    if (most == 1)
      none.unite(std::move(*this));
    else if (most != 0)
      none = nothing();
    *this = std::move(none);
    return;
  }
  const auto once = *this;
  const auto copies = std::min(least, max_repeated);
  for (std::size_t i = 1; i < copies; ++i)
    append(once);
  // A text with more repetitions still starts and ends with that many copies.
  if (most != copies)
    loosen();
}

literal_set required_literals::best() const {
  auto found = exact_ ? without_idle(starts_) : wanted_;
  if (says_nothing(found))
    return {};
  const auto share = max_bytes / found.size();
  for (auto& each : found)
    each = each.substr(0, share);
  return without_idle(sorted(std::move(found)));
}

} // namespace headwater::attribution
