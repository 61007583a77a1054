#include "resolver_rules.hpp"

#include <stdexcept>

namespace headwater::bench {
namespace {

using attribution::match_type;

constexpr const char* words[] = {
    "acme",     "adventure", "alpine",  "apple",   "art",      "atlas",   "auto",    "bay",
    "beach",    "bike",      "blue",    "book",    "boutique", "bridge",  "bright",  "budget",
    "cafe",     "camp",      "care",    "castle",  "central",  "city",    "clean",   "cloud",
    "coast",    "coffee",    "craft",   "crystal", "daily",    "data",    "deal",    "dental",
    "design",   "digital",   "direct",  "dream",   "eagle",    "east",    "eco",     "energy",
    "event",    "express",   "family",  "farm",    "fashion",  "fit",     "flower",  "food",
    "forest",   "fresh",     "garden",  "global",  "gold",     "golf",    "grand",   "green",
    "guide",    "happy",     "harbor",  "health",  "hill",     "home",    "horizon", "hotel",
    "house",    "ideal",     "inn",     "island",  "jet",      "journal", "king",    "kitchen",
    "lake",     "land",      "law",     "life",    "light",    "local",   "lodge",   "luxury",
    "magazine", "maple",     "market",  "media",   "metro",    "mobile",  "modern",  "moon",
    "mountain", "music",     "natural", "news",    "nord",     "ocean",   "office",  "olive",
    "park",     "partner",   "peak",    "pet",     "phone",    "photo",   "pilot",   "plan",
    "planet",   "play",      "point",   "prime",   "pro",      "quality", "quick",   "radio",
    "rain",     "real",      "red",     "resort",  "river",    "rock",    "royal",   "sail",
    "salon",    "sea",       "secure",  "shop",    "silver",   "smart",   "solar",   "sport",
    "spring",   "star",      "stone",   "store",   "studio",   "style",   "summit",  "sun",
    "swift",    "tech",      "ticket",  "tour",    "town",     "trade",   "trail",   "travel",
    "tree",     "trend",     "union",   "urban",   "vacation", "valley",  "villa",   "vista",
    "water",    "web",       "west",    "wild",    "wine",     "winter",  "wood",    "world",
    "yoga",     "zen"};

constexpr const char* suffixes[] = {".com", ".com", ".com", ".com",   ".com",    ".de",
                                    ".de",  ".net", ".org", ".co.uk", ".com.br", ".fr",
                                    ".it",  ".es",  ".nl",  ".io",    ".info",   ".shop"};

constexpr const char* prefixes[] = {"www.", "www.",  "www.",  "",     "",
                                    "m.",   "shop.", "blog.", "news."};

} // namespace

std::size_t rule_maker::below(std::size_t end) {
  return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
}

std::string rule_maker::word() {
  return words[below(std::size(words))];
}

std::string rule_maker::brand() {
  auto name = word() + (below(4) == 0 ? "-" : "") + word();
  if (below(3) == 0)
    name += below(2) == 0 ? word() : std::to_string(below(1'000));
  return name;
}

std::string rule_maker::suffix() {
  return suffixes[below(std::size(suffixes))];
}

std::string rule_maker::other_host() {
  return prefixes[below(std::size(prefixes))] + brand() + suffix();
}

void rule_maker::make(std::size_t number, const rule_mix& mix,
                      attribution::referrer_mapping& rule) {
  const auto unique = std::to_string(number);
  const auto name = brand() + unique;
  const auto end = suffix();
  const auto www = std::string(below(2) == 0 ? "www." : "");
  auto kind = number % 10;
  if (static_cast<double>(number % 1'000) < mix.without_literal * 1'000)
    kind = 10;
  rule.match_type = match_type::regex;
  switch (kind) {
  case 10: // four classes: no byte of it is certain
    rule.referrer_pattern = "^[a-c][x-z][0-9]{4}[m-p]{2}[0-9]{" + unique + "}$";
    matching_.push_back(other_host());
    return;
  case 9:
    rule.referrer_pattern = "^(?:[a-z]+\\.)?" + name + "\\.(?:com|de|net)$";
    matching_.push_back(www + name + ".net");
    return;
  case 8:
    break;
  default:
    rule.match_type = match_type::exact;
    rule.referrer_pattern = name + end;
    matching_.push_back(www + name + end);
    return;
  }
  switch (number / 10 % 3) {
  case 0:
    rule.match_type = match_type::starts_with;
    rule.referrer_pattern = name + ".";
    matching_.push_back(www + name + end);
    return;
  case 1:
    rule.match_type = match_type::ends_with;
    rule.referrer_pattern = "." + name + end;
    matching_.push_back("shop." + name + end);
    return;
  default:
    rule.match_type = match_type::contains;
    rule.referrer_pattern = name;
    matching_.push_back("my-" + name + "-" + word() + end);
    return;
  }
}

attribution::account_rules rule_maker::rules(const rule_mix& mix) {
  matching_.clear();
  attribution::account_rules out;
  for (std::size_t i = 1; i <= mix.rules; ++i) {
    attribution::referrer_mapping_created event;
    event.rule.id = static_cast<std::int64_t>(i);
    event.rule.utm.source = "bench";
    event.rule.priority = static_cast<std::int64_t>(below(1'001));
    make(i, mix, event.rule);
    if (auto applied = out.apply(event, {i, 0}); !applied)
      throw std::runtime_error(applied.error().message);
  }
  return out;
}

std::vector<std::string> rule_maker::hosts(std::size_t count) {
  std::vector<std::string> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(i % 2 == 0 ? matching_[below(matching_.size())] : other_host());
  return out;
}

} // namespace headwater::bench
