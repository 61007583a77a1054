#include "domain/hosts/public_suffixes.hpp"

#include "domain/core/keyed_hash.hpp"
#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "domain/hosts/host.hpp"
#include "domain/hosts/shipped_suffixes.hpp"

#include <algorithm>
#include <array>

namespace headwater::attribution {
namespace {

/// Labels of 1 to 63 letters, digits and hyphens, 253 octets at most.
bool is_rule_name(std::string_view name) {
  if (name.empty() || name.size() > 253)
    return false;
  std::size_t label = 0;
  for (char c : name) {
    if (c == '.' ? label == 0 : !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
      return false;
    label = c == '.' ? 0 : label + 1;
    if (label > 63)
      return false;
  }
  return label > 0;
}

constexpr std::size_t most_labels = 15; ///< of a rule; the lists that there are have five

std::size_t labels_in(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count(name, '.')) + 1;
}

} // namespace

struct public_suffixes::builder {
  std::string_view file;
  public_suffixes& out;
  text_map<std::size_t> by_name;
  std::string open; ///< the section that has begun and not ended
  bool has_sections = false;
  std::size_t line = 0;

  [[nodiscard]] error at_line(std::string_view why) const {
    return {errc::validation_error, std::string(file) + ":" +
                                        std::to_string(std::max<std::size_t>(line, 1)) + ": " +
                                        std::string(why)};
  }

  result<void> comment(std::string_view text) {
    const auto begins = text.find("===BEGIN "), ends = text.find("===END ");
    if (begins != text.npos) {
      if (!open.empty())
        return at_line("a section begins before " + open + " has ended");
      open = text.substr(begins + 9, text.rfind("===") - begins - 9);
      has_sections = true;
    } else if (ends != text.npos) {
      if (open != text.substr(ends + 7, text.rfind("===") - ends - 7))
        return at_line("a section ends that did not begin");
      open.clear();
    }
    return {};
  }

  result<void> add(std::string_view text) {
    std::uint8_t flags = plain;
    if (text.starts_with('!')) {
      flags = exception;
      text.remove_prefix(1);
    } else if (text.starts_with("*.")) {
      flags = wildcard;
      text.remove_prefix(2);
    }
    const auto name = to_ascii_domain(text);
    if (!name || !is_rule_name(*name) || (flags == exception && name->find('.') == name->npos) ||
        labels_in(*name) >= most_labels)
      return at_line("neither a public suffix nor a comment: " + quoted_key(text));
    if (has_sections && open.empty())
      return at_line("a rule outside of the sections: " + quoted_key(text));
    if (open != "PRIVATE DOMAINS")
      flags |= of_registry;
    const auto [found, is_new] = by_name.try_emplace(*name, out.rules_.size());
    if (is_new) {
      out.rules_.push_back({static_cast<std::uint32_t>(out.names_.size()),
                            static_cast<std::uint8_t>(name->size()), 0});
      out.names_ += *name;
    }
    out.rules_[found->second].flags |= flags;
    out.most_labels_ = std::max(out.most_labels_, labels_in(*name) + (flags & wildcard ? 1 : 0));
    return {};
  }

  result<void> read(std::string_view text) {
    while (!text.empty()) {
      ++line;
      const auto end = std::min(text.find('\n'), text.size());
      auto one = trimmed(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (one.starts_with("//"))
        CHECK(comment(one));
      else if (!one.empty()) // a rule ends at the first blank
        CHECK(add(one.substr(0, one.find_first_of(" \t"))));
    }
    if (!open.empty())
      return at_line("the section " + open + " does not end: the file is cut short");
    if (out.rules_.empty())
      return at_line("the list is empty");
    return {};
  }
};

const std::shared_ptr<const public_suffixes>& public_suffixes::shipped() {
  static const auto list = read(shipped_suffix_text()).value();
  return list;
}

result<std::shared_ptr<const public_suffixes>> public_suffixes::read(std::string_view text,
                                                                     std::string_view file) {
  auto made = std::make_shared<public_suffixes>();
  builder of{file, *made, {}, {}};
  CHECK(of.read(text));
  made->names_.shrink_to_fit();
  made->rules_.shrink_to_fit();
  made->table_ = host_table(made->rules_.size());
  for (std::uint32_t i = 0; i < made->rules_.size(); ++i)
    made->table_.insert(made->name_of(made->rules_[i]), i);
  return std::shared_ptr<const public_suffixes>(std::move(made));
}

std::uint8_t public_suffixes::flags_of(std::string_view name) const {
  std::uint8_t flags = 0;
  table_.each(name, [&](std::uint32_t index) {
    if (name_of(rules_[index]) == name)
      flags = rules_[index].flags;
  });
  return flags;
}

std::optional<std::string_view> public_suffixes::registrable(std::string_view name) const {
  if (name.empty() || name.front() == '.' || name.back() == '.')
    return std::nullopt;
  // Where labels begin, from the last to the first; a suffix has at most `most_labels_`, and only
  // the label before it matters.
  std::array<std::size_t, most_labels + 1> begins;
  std::size_t count = 0;
  for (auto at = name.size(); count <= most_labels_;) {
    const auto dot = at == 0 ? name.npos : name.rfind('.', at - 1);
    begins[count++] = dot == name.npos ? 0 : dot + 1;
    if (dot == name.npos)
      break;
    at = dot;
  }
  // The longest rule wins, and an exception over all.
  std::size_t suffix = 0; // index into begins
  std::uint8_t parent = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto flags = flags_of(name.substr(begins[i]));
    if (flags & exception) {
      suffix = i - 1; // an exception has two labels or more
      break;
    }
    // "*.foo" makes foo itself a suffix, too.
    if ((flags & (plain | wildcard)) || (parent & wildcard))
      suffix = i;
    parent = flags;
  }
  if (suffix + 1 >= count)
    return std::nullopt;
  return name.substr(begins[suffix + 1]);
}

bool public_suffixes::is_suffix(std::string_view name, std::uint8_t with) const {
  const auto own = flags_of(name);
  if (own & exception)
    return false;
  if ((own & (plain | wildcard)) && (own & with) == with)
    return true;
  const auto dot = name.find('.');
  if (dot == name.npos || dot == 0)
    return false;
  const auto parent = flags_of(name.substr(dot + 1));
  return (parent & wildcard) && (parent & with) == with;
}

bool public_suffixes::is_listed_suffix(std::string_view name) const {
  return is_suffix(name, 0);
}

bool public_suffixes::is_registry_suffix(std::string_view name) const {
  return is_suffix(name, of_registry);
}

std::size_t public_suffixes::bytes() const {
  return sizeof *this + names_.capacity() + rules_.capacity() * sizeof(rule) + table_.bytes();
}

} // namespace headwater::attribution
