#include "domain/lists/source_lists.hpp"

#include "domain/core/text.hpp"
#include "domain/core/text_rules.hpp"
#include "domain/lists/list_builder.hpp"

#include <algorithm>

namespace headwater::attribution {
namespace {

constexpr std::array<std::string_view, 6> second_levels{"com", "co", "org", "net", "edu", "it"};

bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}

std::size_t place_of(char first, char second) {
  return static_cast<std::size_t>(first - 'a') * 26 + static_cast<std::size_t>(second - 'a');
}

/// The start of the label before the one that starts at `at`; npos for none.
std::size_t label_before(std::string_view text, std::size_t at) {
  if (at == 0)
    return text.npos;
  const auto dot = at < 2 ? text.npos : text.rfind('.', at - 2);
  return dot == text.npos ? 0 : dot + 1;
}

} // namespace

std::string_view to_string(source_kind kind) noexcept {
  switch (kind) {
  case source_kind::search:
    return "search";
  case source_kind::email:
    return "email";
  case source_kind::social:
    return "social";
  case source_kind::video:
    return "video";
  case source_kind::shopping:
    return "shopping";
  case source_kind::messenger:
    return "messenger";
  }
  return {};
}

const std::shared_ptr<const source_lists>& source_lists::shipped() {
  static const auto lists = read({}, {}).value();
  return lists;
}

/// One look-up on its way through the labels.
struct source_lists::search {
  const source_lists& of;
  std::string_view host;
  std::size_t longest = 0; ///< bytes of the host that the best entry covers
  const entry* best = nullptr;
  const entry* spam = nullptr;

  void consider(const entry& found, std::size_t covered) {
    if (!best || covered > longest || (covered == longest && found.rank < best->rank)) {
      best = &found;
      longest = covered;
    }
  }

  /// Entries that end where the host ends.
  void from(std::size_t at) {
    of.table_.each(host.substr(at), [&](std::uint32_t index) {
      const auto& found = of.entries_[index];
      if (found.key != host.substr(at))
        return;
      switch (found.how) {
      case form::host:
        return consider(found, host.size() - at);
      case form::country:
        return consider_country(found, at);
      case form::spam:
        spam = spam ? spam : &found;
        return;
      case form::spam_alone:
        if (at == 0)
          spam = &found;
        return;
      case form::android_app: // some tools send a package as if it were a host
        if (at == 0)
          consider(found, host.size());
        return;
      case form::ending:
      case form::ios_app:
        return;
      }
    });
  }

  void consider_country(const entry& found, std::size_t at) {
    const auto label = label_before(host, at);
    if (label == host.npos || at - label != 3 || !is_small(host[label]) ||
        !is_small(host[label + 1]))
      return;
    const auto before = host.substr(0, label);
    if (found.before.empty())
      return consider(found, host.size() - label);
    if (before.size() <= found.before.size() || !before.ends_with('.'))
      return;
    const auto start = before.size() - 1 - found.before.size();
    if (before.substr(start, found.before.size()) == found.before &&
        (start == 0 || before[start - 1] == '.'))
      consider(found, host.size() - start);
  }

  /// Entries such as "google.{}". `labels` has where the last labels start, the last one first.
  void with_ending(const last_labels& labels) {
    const auto before = of.label_before_ending(host, labels);
    if (before == host.npos)
      return;
    const auto stem = host.substr(0, labels[before - 1] - 1);
    auto at = labels[before];
    bool is_there = false;
    of.stems_.each(stem.substr(at), [&](std::uint32_t index) {
      const auto key = of.entries_[index].key;
      is_there |= key.substr(label_before(key, key.size() + 1)) == stem.substr(at);
    });
    for (; is_there && at != stem.npos; at = label_before(stem, at))
      of.table_.each(stem.substr(at), [&](std::uint32_t index) {
        const auto& found = of.entries_[index];
        if (found.how == form::ending && found.key == stem.substr(at))
          consider(found, host.size() - at);
      });
  }

  void app(form how) {
    of.table_.each(host, [&](std::uint32_t index) {
      const auto& found = of.entries_[index];
      if (found.how == how && found.key == host)
        consider(found, host.size());
    });
  }

  [[nodiscard]] facts result() const {
    return {best && best->source != nothing ? &of.sources_[best->source] : nullptr,
            spam ? spam->key : std::string_view()};
  }
};

source_lists::facts source_lists::facts_of(std::string_view host, host_kind kind) const {
  if (host.empty() || host.size() > 253 || kind == host_kind::ip_address)
    return {};
  search on{*this, host};
  if (is_app(kind)) {
    on.app(kind == host_kind::ios_app ? form::ios_app : form::android_app);
    return on.result();
  }
  last_labels labels{0, host.npos, host.npos};
  for (;;) {
    on.from(labels[0]);
    const auto dot = host.find('.', labels[0]);
    if (dot == host.npos || dot + 1 == host.size())
      break;
    labels = {dot + 1, labels[0], labels[1]};
  }
  on.with_ending(labels);
  return on.result();
}

const known_source* source_lists::of_host(std::string_view host, host_kind kind) const {
  return facts_of(host, kind).source;
}

std::string_view source_lists::spam_entry(std::string_view host) const {
  return facts_of(host, host_kind::domain).spam;
}

bool source_lists::is_spam(std::string_view host) const {
  return !spam_entry(host).empty();
}

const known_source* source_lists::of_source(std::string_view utm_source) const {
  utm_source = trimmed(utm_source);
  if (utm_source.empty() || utm_source.size() > 253)
    return nullptr;
  std::array<char, 253> room;
  std::ranges::transform(utm_source, room.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const std::string_view lower(room.data(), utm_source.size());
  const known_source* found = nullptr;
  by_name_.each(lower, [&](std::uint32_t index) {
    if (names_[index].name == lower)
      found = &sources_[names_[index].source];
  });
  if (found)
    return found;
  return lower.find('.') == lower.npos ? nullptr : of_host(lower, host_kind::domain);
}

const click_id* source_lists::click_id_of(std::string_view parameter) const {
  if (parameter.empty() || parameter.size() >= most_parameter_sizes ||
      (parameter_sizes_[static_cast<unsigned char>(parameter[0])] >> parameter.size() & 1U) == 0)
    return nullptr;
  const auto found = by_parameter_.find(parameter);
  return found == by_parameter_.end() ? nullptr : &click_ids_[found->second];
}

const list_info* source_lists::info(std::string_view name) const {
  const auto found = std::ranges::find(infos_, name, &list_info::name);
  return found == infos_.end() ? nullptr : &*found;
}

std::size_t source_lists::label_before_ending(std::string_view host,
                                              const last_labels& labels) const {
  if (labels[1] == host.npos)
    return host.npos;
  const auto last = host.substr(labels[0]);
  if (last.size() != 2)
    return last == "com" ? 1 : host.npos;
  if (!is_small(last[0]) || !is_small(last[1]))
    return host.npos;
  const auto known = endings_[place_of(last[0], last[1])];
  const auto second = host.substr(labels[1], labels[0] - 1 - labels[1]);
  for (std::size_t i = 0; known > 1 && i < second_levels.size(); ++i)
    if (second == second_levels[i] && (known >> (i + 1)) & 1U)
      return labels[2] == host.npos ? host.npos : 2;
  return known & 1U ? 1 : host.npos;
}

std::size_t source_lists::bytes() const {
  constexpr std::size_t node = 4 * sizeof(void*); // of a hash container, without what it holds
  auto sum = sizeof *this + suffixes_->bytes() + table_.bytes() + stems_.bytes() +
             sources_.capacity() * sizeof(known_source) + entries_.capacity() * sizeof(entry) +
             click_ids_.capacity() * sizeof(click_id) + infos_.capacity() * sizeof(list_info);
  for (const auto& text : texts_)
    sum += sizeof text + text.capacity();
  const auto of_map = [&](const text_view_map<std::uint32_t>& map) {
    return map.bucket_count() * sizeof(void*) + map.size() * (node + sizeof *map.begin());
  };
  return sum + names_.capacity() * sizeof(named) + by_name_.bytes() + of_map(by_parameter_);
}

void source_lists::builder::find_endings() {
  for (char first = 'a'; first <= 'z'; ++first)
    for (char second = 'a'; second <= 'z'; ++second) {
      const std::string country{first, second};
      auto& known = out_.endings_[place_of(first, second)];
      if (out_.suffixes_->is_registry_suffix(country))
        known |= 1U;
      for (std::size_t i = 0; i < second_levels.size(); ++i)
        if (out_.suffixes_->is_registry_suffix(std::string(second_levels[i]) + "." + country))
          known |= static_cast<std::uint8_t>(2U << i);
    }
}

} // namespace headwater::attribution
