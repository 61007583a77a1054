#include "domain/resolve/input/visit_json.hpp"

#include "domain/core/try.hpp"
#include "domain/json/json_reader.hpp"
#include "domain/resolve/input/plain_visit.hpp"
#include "domain/resolve/input/visit_reader.hpp"

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
  void reset() override { reader_ = visit_reader(); }
  [[nodiscard]] result<sent_visit> finish(bool strict) && {
    auto ignored = reader_.ignored_fields();
    auto read = std::move(reader_).finish(strict);
    if (!read)
      return read.error();
    return sent_visit{*std::move(read), std::move(ignored)};
  }

private:
  void take(json_token token, std::string_view text) override { reader_.take(token, text); }

  visit_reader reader_;
};

} // namespace

result<sent_visit> parse_visit(std::string_view json, bool strict) {
  // Read in its place, and returned by one name: moving a visit would take as long as half of this.
  result<sent_visit> read(boost::system::in_place_value);
  if (!read_plain_visit(json, *read))
    read = parse_visit_by_tokens(json, strict);
  return read;
}

result<sent_visit> parse_visit_by_tokens(std::string_view json, bool strict) {
  one_visit single;
  CHECK(read_json(json, single));
  return std::move(single).finish(strict);
}

} // namespace headwater::attribution
