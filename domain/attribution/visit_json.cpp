#include "domain/attribution/visit_json.hpp"

#include "domain/attribution/visit_reader.hpp"
#include "domain/core/fields.hpp"
#include "domain/core/json_reader.hpp"

namespace headwater::attribution {
namespace {

/// Turns the calls of a sink into tokens.
class token_sink : public resettable_json_sink {
public:
  void null() final { take(json_token::null, {}); }
  void boolean(bool) final { take(json_token::boolean, {}); }
  void number(std::string_view, bool in_range) final {
    take(in_range ? json_token::number : json_token::huge_number, {});
  }
  void string(std::string_view value) final { take(json_token::string, value); }
  void key(std::string_view name) final { take(json_token::key, name); }
  void begin_object() final { take(json_token::begin_object, {}); }
  void end_object() final { take(json_token::end_object, {}); }
  void begin_array() final { take(json_token::begin_array, {}); }
  void end_array() final { take(json_token::end_array, {}); }

private:
  virtual void take(json_token token, std::string_view text) = 0;
};

class one_visit final : public token_sink {
public:
  void reset() override { reader_ = {}; }
  [[nodiscard]] result<visit> finish() && { return std::move(reader_).finish(); }

private:
  void take(json_token token, std::string_view text) override { reader_.take(token, text); }

  visit_reader reader_;
};

/// Reads the body's object as one visit, and the items of "visits" as visits of their own.
class visit_body final : public token_sink {
public:
  explicit visit_body(std::size_t max_visits) : max_visits_(max_visits) {}

  void reset() override { *this = visit_body(max_visits_); }

  [[nodiscard]] result<visit_batch> finish() && {
    if (!has_visits_) {
      visit_batch single{false, {}, root_.unknown_fields()};
      single.visits.push_back(std::move(root_).finish());
      return single;
    }
    auto faults = root_.structural_faults();
    if (!is_list_)
      faults.push_back({body_path("visits"), "Input should be a valid list", "list_type"});
    if (!faults.empty())
      return validation_failure(std::move(faults));
    if (count_ > max_visits_)
      return error(errc::payload_too_large, "A batch has at most " + std::to_string(max_visits_) +
                                                " visits; this one has " + std::to_string(count_));
    visit_batch batch{true, std::move(visits_), {}};
    for (const auto& name : root_.unknown_fields())
      if (name != "visits")
        batch.ignored_fields.push_back(name);
    return batch;
  }

private:
  void take(json_token token, std::string_view text) override {
    if (in_list_ && take_item(token, text))
      return;
    if (expects_list_) {
      is_list_ = in_list_ = token == json_token::begin_array;
      expects_list_ = false;
    }
    expects_list_ = token == json_token::key && text == "visits" && depth_ == 1 && !has_visits_;
    has_visits_ |= expects_list_;
    depth_ += token == json_token::begin_object || token == json_token::begin_array ? 1 : 0;
    depth_ -= token == json_token::end_object || token == json_token::end_array ? 1 : 0;
    root_.take(token, text);
  }

  /// False for the end of the list itself.
  bool take_item(json_token token, std::string_view text) {
    if (!item_ && token == json_token::end_array) {
      in_list_ = false;
      return false;
    }
    if (!item_)
      item_.emplace();
    item_->take(token, text);
    if (!item_->is_complete())
      return true;
    if (++count_ <= max_visits_)
      visits_.push_back(std::move(*item_).finish());
    item_.reset();
    return true;
  }

  visit_reader root_;
  std::optional<visit_reader> item_; // the one being read
  std::vector<result<visit>> visits_;
  std::size_t max_visits_;
  std::size_t count_ = 0;
  int depth_ = 0;
  bool expects_list_ = false; // "visits" was the last token
  bool has_visits_ = false;
  bool is_list_ = false;
  bool in_list_ = false;
};

} // namespace

result<visit_batch> parse_visits(std::string_view json, std::size_t max_visits) {
  visit_body body{max_visits};
  if (auto read = read_json(json, body); !read)
    return read.error();
  return std::move(body).finish();
}

result<visit> parse_visit(std::string_view json) {
  one_visit single;
  if (auto read = read_json(json, single); !read)
    return read.error();
  return std::move(single).finish();
}

} // namespace headwater::attribution
