#pragma once

// How an answer names a rule: a stored one by its id, a drafted one by its place in the draft. Pure
// values.

#include "domain/json/json_writer.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace headwater::attribution {

inline constexpr std::string_view passthrough_kind_name = "passthrough_referrer";
inline constexpr std::string_view mapping_kind_name = "referrer_mapping";

/// Where in a draft a rule comes from: `index` counts within its "add" or "change" of that kind.
struct draft_place {
  std::int64_t index = 0;
  bool is_new = false; ///< of "add": the rule's id is provisional and not shown
  bool operator==(const draft_place&) const = default;
};

struct rule_reference {
  std::string_view kind; ///< one of the two names above
  std::int64_t id = 0;
  std::optional<draft_place> draft = {}; ///< nothing: as it is stored
  bool operator==(const rule_reference&) const = default;
};

/// Appends the members "kind" and "id" to an open object; with "draft", its index, where the rule
/// is drafted, and then "id" is null if it is new.
void write_members(json_writer& out, const rule_reference& rule);

/// Which rules of a drafted account are not as they are stored.
class draft_marks {
public:
  /// Rules of that kind with this id and above are new.
  void set_first_new(std::string_view kind, std::int64_t id) { of(kind).first_new = id; }
  /// The next id of that kind is a rule from that place of the draft.
  void add_new(std::string_view kind, std::int64_t index) { of(kind).added.push_back(index); }
  void set_changed(std::string_view kind, std::int64_t id, std::int64_t index) {
    of(kind).changed.insert_or_assign(id, index);
  }

  [[nodiscard]] rule_reference reference(std::string_view kind, std::int64_t id) const;

private:
  struct kind_marks {
    std::int64_t first_new = std::numeric_limits<std::int64_t>::max();
    std::vector<std::int64_t> added;              // indexes by id, from first_new on
    std::map<std::int64_t, std::int64_t> changed; // id to index
  };
  [[nodiscard]] kind_marks& of(std::string_view kind) {
    return kind == mapping_kind_name ? mappings_ : passthrough_;
  }

  kind_marks passthrough_;
  kind_marks mappings_;
};

} // namespace headwater::attribution
