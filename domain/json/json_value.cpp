#include "domain/json/json_value.hpp"

#include "domain/core/try.hpp"
#include "domain/json/draft_builder.hpp"

namespace headwater {

const json_value* draft::find(std::string_view name) const {
  for (const auto& each : members)
    if (each.name == name)
      return &each.value;
  return nullptr;
}

result<draft> parse_draft(std::string_view json) {
  draft_builder builder;
  CHECK(read_json(json, builder));
  return std::move(builder).take();
}

} // namespace headwater
