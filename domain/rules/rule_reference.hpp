#pragma once

// How an answer names a rule: a stored one by its id, a drafted one by its place in the draft, a
// return path by itself. Pure values.

#include "domain/json/json_writer.hpp"
#include "domain/rules/rule_kind.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// Where in a draft a rule comes from: `index` counts within "add" or "change" of its kind.
struct draft_place {
  std::int64_t index = 0;
  bool is_new = false; ///< from "add": the rule's id is provisional and not shown
  bool operator==(const draft_place&) const = default;
};

/// The kind of a reference to one of the account's return paths, a setting.
inline constexpr std::string_view return_path_kind = "return_path";

struct rule_reference {
  std::string_view kind; ///< rule_kind<Rule>::name, or return_path_kind
  std::int64_t id = 0;
  std::optional<draft_place> draft = {}; ///< nothing: the rule is as stored
  std::string path = {};                 ///< of a return path, which has no id
  bool operator==(const rule_reference&) const = default;
};

/// Appends the members "kind" and "id" to an open object; for a drafted rule also "draft", its
/// index, and if the rule is new, "id" is null. A return path has the id null and "path".
void write_members(json_writer& out, const rule_reference& rule);

/// Which rules of a drafted account differ from the stored ones.
class draft_marks {
public:
  /// Rules of that kind with this id and above are new.
  void set_first_new(std::string_view kind, std::int64_t id) { of(kind).first_new = id; }
  /// The next id of that kind belongs to the rule at that index of "add".
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
    return kind == rule_kind<referrer_mapping>::name ? mappings_ : passthrough_;
  }

  kind_marks passthrough_;
  kind_marks mappings_;
};

} // namespace headwater::attribution
