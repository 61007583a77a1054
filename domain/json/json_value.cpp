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

namespace {

std::size_t heap_of(const std::string& text) {
  return text.capacity() > std::string().capacity() ? text.capacity() + 1 : 0;
}

/// Of a json_item or a json_value.
struct heap_of_value {
  std::size_t operator()(const std::string& text) const { return heap_of(text); }
  std::size_t operator()(const json_number& number) const { return heap_of(number.text); }
  std::size_t operator()(const json_list& list) const {
    auto bytes = list.items.capacity() * sizeof(json_item);
    for (const auto& item : list.items)
      bytes += std::visit(*this, item);
    return bytes;
  }
  template <class Plain>
  std::size_t operator()(const Plain&) const {
    return 0;
  }
};

} // namespace

std::size_t memory_of(const draft& members) {
  auto bytes = members.members.capacity() * sizeof(draft::member);
  for (const auto& [name, value] : members.members)
    bytes += heap_of(name) + std::visit(heap_of_value{}, value);
  return bytes;
}

result<draft> parse_draft(std::string_view json) {
  draft_builder builder;
  CHECK(read_json(json, builder));
  return std::move(builder).take();
}

} // namespace headwater
