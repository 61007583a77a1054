#pragma once

// A public suffix list (publicsuffix.org): below which names anybody may register their own, so
// that "one.github.io" and "two.github.io" are two sites. Immutable once read; any thread.

#include "domain/core/error.hpp"
#include "domain/matching/host_table.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

class public_suffixes {
public:
  /// The list compiled into the program.
  [[nodiscard]] static const std::shared_ptr<const public_suffixes>& shipped();

  /// Reads a list in the form of publicsuffix.org. errc::validation_error, with "file:line: "
  /// before the reason, if it is damaged or cut short.
  [[nodiscard]] static result<std::shared_ptr<const public_suffixes>>
  read(std::string_view text, std::string_view file = "public_suffix_list.dat");

  /// The part of a host (lower case, ASCII) that somebody registered: the public suffix and one
  /// label before it. A view into `name`; nothing for a suffix itself and for what is no name.
  /// A name below no rule has its last label as its suffix.
  [[nodiscard]] std::optional<std::string_view> registrable(std::string_view name) const;

  /// Whether the list itself, not just its default rule, says that the name is a suffix.
  [[nodiscard]] bool is_listed_suffix(std::string_view name) const;

  /// The same by the rules of registries alone: "co.uk", but not "com.de", whose owner rents it
  /// out.
  [[nodiscard]] bool is_registry_suffix(std::string_view name) const;

  [[nodiscard]] std::size_t rules() const { return rules_.size(); }
  [[nodiscard]] std::size_t bytes() const;

private:
  enum : std::uint8_t { plain = 1, wildcard = 2, exception = 4, of_registry = 8 };

  struct rule {
    std::uint32_t at = 0; ///< into names_
    std::uint8_t size = 0;
    std::uint8_t flags = 0; ///< of all rules with this name: "foo", "*.foo" and "!foo"
  };

  struct builder;

  [[nodiscard]] std::string_view name_of(const rule& of) const {
    return std::string_view(names_).substr(of.at, of.size);
  }
  /// 0: no rule has this name.
  [[nodiscard]] std::uint8_t flags_of(std::string_view name) const;
  [[nodiscard]] bool is_suffix(std::string_view name, std::uint8_t with) const;

  std::string names_;
  std::vector<rule> rules_;
  host_table table_; ///< index into rules_
  std::size_t most_labels_ = 0;
};

} // namespace headwater::attribution
