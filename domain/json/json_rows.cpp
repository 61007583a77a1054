#include "domain/json/json_rows.hpp"

#include "domain/core/keyed_hash.hpp"
#include "domain/json/draft_builder.hpp"
#include "domain/json/json_number.hpp"

#include <algorithm>
#include <optional>

namespace headwater {
namespace {

/// Knows the line of an offset that only grows.
class line_counter {
public:
  explicit line_counter(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t line_of(std::size_t offset) {
    if (offset < counted_)
      *this = line_counter(text_);
    const auto passed = text_.substr(counted_, offset - counted_);
    line_ += static_cast<std::size_t>(std::ranges::count(passed, '\n'));
    counted_ = offset;
    return line_;
  }

private:
  std::string_view text_;
  std::size_t counted_ = 0;
  std::size_t line_ = 1;
};

class rows_sink final : public resettable_json_sink {
public:
  rows_sink(std::string_view text, json_rows& into) : lines_(text), into_(into) {}

  void reset() override {
    levels_.clear();
    row_.reset();
    depth_ = 0;
    into_.reset();
  }

  void null() override {
    scalar(json_null{}, [](auto& to) { to.null(); });
  }
  void boolean(bool value) override {
    scalar(value, [&](auto& to) { to.boolean(value); });
  }
  void string(std::string_view value) override {
    scalar(value, [&](auto& to) { to.string(value); });
  }
  void number(std::string_view text, bool in_range) override {
    scalar(number_of(text), [&](auto& to) { to.number(text, in_range); });
  }

  void key(std::string_view name) override {
    if (row_)
      return row_->key(name);
    auto& level = levels_.back();
    level.key = joined(level.path, name);
    if (!level.keys.emplace(name).second)
      into_.twice(level.key);
    into_.member(level.key);
  }

  void begin_object() override {
    begin(false, [](auto& to) { to.begin_object(); });
  }
  void begin_array() override {
    begin(true, [](auto& to) { to.begin_array(); });
  }
  void end_object() override {
    end([](auto& to) { to.end_object(); });
  }
  void end_array() override {
    end([](auto& to) { to.end_array(); });
  }

  std::size_t behind = 0; ///< read_json keeps it

private:
  /// An object or array outside of rows.
  struct level {
    std::string path;
    bool is_array = false;
    bool holds_rows = false;
    text_set keys = {};
    std::string key = {}; ///< the path of the member under way
  };

  /// A key that might read as a path, or as none, stands in quotes: `{"data.mappings":[]}` is not
  /// `{"data":{"mappings":[]}}`.
  static std::string joined(std::string_view path, std::string_view name) {
    auto out = std::string(path) + (path.empty() ? "" : ".");
    const auto plain = !name.empty() && name.find_first_of(".[]\"") == name.npos;
    return plain ? out += quoted_key(name) : out += '"' + quoted_key(name) + '"';
  }

  static json_item number_of(std::string_view text) {
    if (const auto integer = integer_of(text))
      return *integer;
    return json_number{std::string(text)};
  }

  [[nodiscard]] bool in_list() const { return !levels_.empty() && levels_.back().holds_rows; }

  [[nodiscard]] std::string path() const {
    if (levels_.empty())
      return {};
    const auto& last = levels_.back();
    return last.is_array ? last.path : last.key;
  }

  void begin_row() {
    row_.emplace();
    line_ = lines_.line_of(behind);
  }
  void end_row() {
    into_.row(std::move(*row_).take(), line_);
    row_.reset();
  }

  template <class Value, class Feed>
  void scalar(Value&& value, Feed&& feed) {
    if (row_)
      return feed(*row_);
    if (!in_list()) {
      if constexpr (std::is_same_v<std::remove_cvref_t<Value>, std::string_view>)
        return into_.value(path(), std::string(value));
      else
        return into_.value(path(), json_item(std::forward<Value>(value)));
    }
    begin_row();
    feed(*row_);
    end_row();
  }

  template <class Feed>
  void begin(bool is_array, Feed&& feed) {
    if (!row_ && !in_list()) {
      auto where = path();
      if (!levels_.empty() && levels_.back().is_array)
        where += "[]";
      const bool rows = is_array && into_.begin_list(where);
      levels_.push_back({std::move(where), is_array, rows});
      return;
    }
    if (!row_)
      begin_row();
    feed(*row_);
    ++depth_;
  }

  template <class Feed>
  void end(Feed&& feed) {
    if (!row_)
      return levels_.pop_back();
    feed(*row_);
    if (--depth_ == 0)
      end_row();
  }

  line_counter lines_;
  json_rows& into_;
  std::vector<level> levels_;
  std::optional<draft_builder> row_; ///< the row under way
  std::size_t depth_ = 0;            ///< within it
  std::size_t line_ = 0;             ///< on which it starts
};

} // namespace

result<void> read_json_rows(std::string_view text, json_rows& into) {
  rows_sink sink(text, into);
  return read_json(text, sink, &sink.behind);
}

} // namespace headwater
