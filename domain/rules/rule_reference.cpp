#include "domain/rules/rule_reference.hpp"

namespace headwater::attribution {

void write_members(json_writer& out, const rule_reference& rule) {
  out.member("kind", rule.kind).key("id");
  if (rule.kind == return_path_kind || (rule.draft && rule.draft->is_new))
    out.null();
  else
    out.integer(rule.id);
  if (rule.draft)
    out.member("draft", rule.draft->index);
  if (rule.kind == return_path_kind)
    out.member("path", rule.path);
}

rule_reference draft_marks::reference(std::string_view kind, std::int64_t id) const {
  const auto& marks = kind == rule_kind<referrer_mapping>::name ? mappings_ : passthrough_;
  rule_reference named{kind, id};
  if (id >= marks.first_new)
    named.draft = draft_place{marks.added.at(static_cast<std::size_t>(id - marks.first_new)), true};
  else if (const auto changed = marks.changed.find(id); changed != marks.changed.end())
    named.draft = draft_place{changed->second, false};
  return named;
}

} // namespace headwater::attribution
