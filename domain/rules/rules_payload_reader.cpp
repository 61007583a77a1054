#include "domain/rules/rules_payload_reader.hpp"

#include "domain/json/json_number.hpp"

#include <algorithm>

namespace headwater::attribution {

result<void> rules_payload_reader::read(std::string_view payload) {
  if (auto good = read_json_rows(payload, *this); !good)
    fail(good.error().message);
  if (seen_members_ != members_.size() || seen_lists_ != lists_)
    fail("a member is missing or of the wrong type");
  if (fault_)
    return *fault_;
  return boost::system::in_place_value;
}

void rules_payload_reader::reset() {
  fail("a number that no payload has");
}

void rules_payload_reader::member(std::string_view path) {
  if (std::ranges::find(members_, path) == members_.end())
    fail("a member that its schema does not have");
  ++seen_members_;
}

void rules_payload_reader::twice(std::string_view path) {
  fail("twice " + std::string(path));
}

bool rules_payload_reader::begin_list(std::string_view path) {
  if (value_list(path))
    return false;
  if (path == list_)
    fail("a list within a list");
  list_ = path;
  ++seen_lists_;
  const auto dot = list_.find('.');
  kind_ = dot == list_.npos ? std::string{} : list_.substr(0, dot);
  name_ = dot == list_.npos ? list_ : list_.substr(dot + 1);
  if (name_ != "added" && name_ != "changed" && name_ != "removed")
    fail("a list in " + list_);
  return name_ != "removed";
}

void rules_payload_reader::row(draft element, std::size_t) {
  rule(kind_, name_ == "added", std::move(element));
}

void rules_payload_reader::value(std::string_view path, const json_item& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number && (*number > largest_count || *number < -largest_count))
    return fail("a number that no payload has in " + std::string(path));
  if (path == list_ && name_ == "removed" && number)
    removed(kind_, *number);
  else if (path == list_ || !scalar(path, value))
    fail("a value of the wrong type in " + std::string(path));
}

void rules_payload_reader::fail(const error& why) {
  if (!fault_)
    fault_ = why;
}

} // namespace headwater::attribution
