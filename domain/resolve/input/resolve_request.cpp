#include "domain/resolve/input/resolve_request.hpp"

#include "domain/core/try.hpp"
#include "domain/json/fields.hpp"
#include "domain/json/ignored_names.hpp"
#include "domain/json/json_reader.hpp"
#include "domain/resolve/input/draft_reader.hpp"
#include "domain/resolve/input/visit_reader.hpp"
#include "domain/resolve/utm_members.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace headwater::attribution {
namespace {

/// Reads the body's object as a single visit, the items of "visits" as visits, and "draft" and
/// "compare" beside them.
class request_sink final : public resettable_json_sink {
public:
  request_sink(std::size_t max_visits, bool strict) : max_visits_(max_visits), strict_(strict) {}

  void reset() override { *this = request_sink(max_visits_, strict_); }

  void null() override {
    feed(json_token::null, {}, [](auto& to) { to.null(); });
  }
  void boolean(bool value) override {
    is_true_ = value;
    feed(json_token::boolean, {}, [value](auto& to) { to.boolean(value); });
  }
  void number(std::string_view text, bool in_range) override {
    feed(in_range ? json_token::number : json_token::huge_number, {},
         [&](auto& to) { to.number(text, in_range); });
  }
  void string(std::string_view value) override {
    feed(json_token::string, value, [value](auto& to) { to.string(value); });
  }
  void key(std::string_view name) override {
    feed(json_token::key, name, [name](auto& to) { to.key(name); });
  }
  void begin_object() override {
    feed(json_token::begin_object, {}, [](auto& to) { to.begin_object(); });
  }
  void end_object() override {
    feed(json_token::end_object, {}, [](auto& to) { to.end_object(); });
  }
  void begin_array() override {
    feed(json_token::begin_array, {}, [](auto& to) { to.begin_array(); });
  }
  void end_array() override {
    feed(json_token::end_array, {}, [](auto& to) { to.end_array(); });
  }

  [[nodiscard]] result<resolve_request> finish() && {
    if (count_ > max_visits_)
      return error(errc::payload_too_large, "A batch has at most " + std::to_string(max_visits_) +
                                                " visits; this one has " + std::to_string(count_));
    if (out_.is_batch)
      finish_batch();
    else
      finish_visit();
    if (draft_)
      out_.draft = std::move(*draft_).take();
    out_.is_what_if |= out_.draft.has_value();
    finish_compare();
    if (strict_)
      refuse_ignored();
    return std::move(out_);
  }

private:
  /// What the next value belongs to.
  enum class place : std::uint8_t { root, visits, draft, compare };

  template <class Forward>
  void feed(json_token token, std::string_view text, const Forward& forward) {
    if (reading_ == place::draft) {
      take_draft(forward);
      return;
    }
    if (reading_ == place::visits && take_item(token, text))
      return;
    const auto announced = std::exchange(next_, place::root);
    if (announced == place::draft) {
      reading_ = place::draft;
      draft_.emplace();
      root_.take(json_token::null, {}); // the draft reads its own tokens
      take_draft(forward);
      return;
    }
    if (announced == place::visits && token == json_token::begin_array) {
      is_list_ = true;
      reading_ = place::visits;
    }
    if (announced == place::compare) {
      compare_ = token;
      compares_ = token == json_token::boolean && is_true_;
    }
    if (token == json_token::key && depth_ == 1)
      announce(text);
    depth_ += is_begin(token) ? 1 : is_end(token) ? -1 : 0;
    root_.take(token, text);
  }

  /// root_ reports a second value under the same key.
  void announce(std::string_view name) {
    if (name == "visits" && !out_.is_batch) {
      out_.is_batch = true;
      next_ = place::visits;
    } else if (name == "draft" && !draft_) {
      next_ = place::draft;
    } else if (name == "compare" && !compare_) {
      next_ = place::compare;
    }
  }

  template <class Forward>
  void take_draft(const Forward& forward) {
    forward(*draft_);
    if (draft_->is_complete())
      reading_ = place::root;
  }

  /// False at the end of the list.
  bool take_item(json_token token, std::string_view text) {
    if (!item_ && token == json_token::end_array) {
      reading_ = place::root;
      return false;
    }
    if (!item_)
      item_.emplace();
    item_->take(token, text);
    if (!item_->is_complete())
      return true;
    if (++count_ <= max_visits_)
      keep_item();
    item_.reset();
    return true;
  }

  /// Keeps only the first fault of a bad visit, because its place in the answer shows one.
  void keep_item() {
    if (!strict_)
      for (auto& name : item_->ignored_fields()) {
        ignored_in_visits_.add(std::move(name));
        first_with_.resize(ignored_in_visits_.all().size(), count_ - 1);
      }
    auto read = std::move(*item_).finish(strict_);
    if (read.has_error() && read.error().faults.size() > 1)
      read = validation_failure({read.error().faults.front()});
    out_.visits.push_back(std::move(read));
  }

  void finish_visit() {
    out_.ignored_fields = root_.ignored_fields();
    const bool strict = false; // unknown members are refused with the rest of the body
    out_.visits.push_back(std::move(root_).finish(strict));
  }

  void finish_batch() {
    out_.ignored_fields = root_.ignored_fields_of_batch();
    const auto& names = ignored_in_visits_.all();
    for (std::size_t i = 0; i < names.size(); ++i)
      out_.ignored_fields.push_back("visits[" + std::to_string(first_with_[i]) + "]." + names[i]);
    out_.ignored_fields.resize(std::min(out_.ignored_fields.size(), max_told_faults));
    out_.faults = root_.structural_faults();
    if (!is_list_)
      out_.faults.push_back({body_path("visits"), "Input should be a valid list", "list_type"});
  }

  /// Visits of a batch are refused in their places.
  void refuse_ignored() {
    refuse_unknown(std::exchange(out_.ignored_fields, {}), out_.faults);
    if (out_.draft)
      refuse_unknown(std::exchange(out_.draft->ignored_fields, {}), out_.draft->faults);
  }

  void finish_compare() {
    if (!compare_ || *compare_ == json_token::null)
      return;
    out_.is_what_if = true;
    if (*compare_ != json_token::boolean)
      out_.faults.push_back({body_path("compare"), "Input should be a valid boolean", "bool_type"});
    else if (compares_ && !out_.draft)
      out_.faults.push_back(
          {body_path("compare"), "There is no draft to compare with", "value_error"});
    else
      out_.compare = compares_;
  }

  static bool is_begin(json_token token) {
    return token == json_token::begin_object || token == json_token::begin_array;
  }
  static bool is_end(json_token token) {
    return token == json_token::end_object || token == json_token::end_array;
  }

  static constexpr std::array<std::string_view, 3> beside_visit{"visits", "draft", "compare"};

  resolve_request out_;
  visit_reader root_{beside_visit};
  std::optional<visit_reader> item_; // the visit being read
  ignored_names ignored_in_visits_;
  std::vector<std::size_t> first_with_; // for each of these, the first visit that has it
  std::optional<draft_reader> draft_;
  std::optional<json_token> compare_; // the first token of its value
  std::size_t max_visits_;
  std::size_t count_ = 0;
  bool strict_;
  int depth_ = 0;
  place next_ = place::root;
  place reading_ = place::root;
  bool is_list_ = false;
  bool is_true_ = false; // the last boolean
  bool compares_ = false;
};

std::size_t heap_of(const visit& of) {
  auto bytes = of.url.capacity() + (of.referrer ? of.referrer->capacity() : 0);
  if (of.session)
    for (const auto& member : utm_members)
      bytes += ((*of.session).*member.value).capacity();
  return bytes;
}

std::size_t heap_of(const error& of) {
  auto bytes = of.message.capacity() + of.faults.capacity() * sizeof(fault);
  for (const auto& each : of.faults) {
    bytes += each.at.steps().capacity() * sizeof(location_step);
    bytes += each.message.capacity() + each.type.capacity();
  }
  return bytes;
}

} // namespace

std::size_t memory_of(const resolve_request& of) {
  auto bytes = of.visits.capacity() * sizeof(result<visit>);
  for (const auto& each : of.visits)
    bytes += each ? heap_of(*each) : heap_of(each.error());
  return bytes;
}

std::vector<fault> resolve_request::all_faults() const {
  std::vector<fault> all;
  if (!is_batch && visits.front().has_error())
    all = visits.front().error().faults;
  all.insert(all.end(), faults.begin(), faults.end());
  if (draft)
    all.insert(all.end(), draft->faults.begin(), draft->faults.end());
  all.resize(std::min(all.size(), max_told_faults));
  return all;
}

result<resolve_request> parse_resolve_request(std::string_view json, std::size_t max_visits,
                                              bool strict) {
  request_sink body{max_visits, strict};
  CHECK(read_json(json, body));
  return std::move(body).finish();
}

} // namespace headwater::attribution
