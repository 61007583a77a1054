#include "domain/json/json_reader.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>

namespace headwater {
namespace {

constexpr unsigned parse_flags = rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseNumbersAsStringsFlag;

/// RapidJSON decodes "\udc00" to the three bytes of a lone surrogate, which are no UTF-8.
bool has_surrogate(std::string_view text) {
  for (auto at = text.find('\xED'); at != text.npos; at = text.find('\xED', at + 1))
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0)
      return true;
  return false;
}

/// Numbers that the parser is not shown, by their place among all numbers of the text, from 0.
using taken_numbers = std::map<std::size_t, std::string>;

/// The decimal exponent of the leading digit, clamped to +-10^6; nothing for zero.
std::optional<long> magnitude_of(std::string_view number) {
  long exponent = 0;
  const auto e = number.find_first_of("eE");
  if (e != number.npos) {
    const bool negative = number[e + 1] == '-';
    for (char c : number.substr(e + 1))
      if (c >= '0' && c <= '9' && exponent < 1'000'000)
        exponent = exponent * 10 + (c - '0');
    exponent = negative ? -exponent : exponent;
  }
  auto digits = number.substr(0, e);
  if (digits.starts_with('-'))
    digits.remove_prefix(1);
  const auto point = std::min(digits.find('.'), digits.size());
  const auto leading = digits.find_first_of("123456789");
  if (leading == digits.npos)
    return std::nullopt;
  const auto place = leading < point ? static_cast<long>(point - leading) - 1
                                     : -static_cast<long>(leading - point);
  return exponent + place;
}

/// Whether the magnitude of a valid JSON number exceeds every double. Too small ones are zeros.
bool is_out_of_range(std::string_view number) {
  if (number.size() < 300 && number.find_first_of("eE") == number.npos)
    return false;
  const auto magnitude = magnitude_of(number);
  if (!magnitude || *magnitude < 308)
    return false;
  double value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  return read.ec == std::errc::result_out_of_range;
}

class adapter {
public:
  adapter(json_sink& to, const taken_numbers& taken, const rapidjson::MemoryStream& from,
          std::size_t* behind)
      : to_(to), taken_(taken), from_(from), behind_(behind) {}

  bool Null() { return note(), to_.null(), true; }
  bool Bool(bool value) { return note(), to_.boolean(value), true; }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    note();
    const auto taken = taken_.find(numbers_++);
    const auto number = taken == taken_.end() ? std::string_view(text, size) : taken->second;
    to_.number(number, !is_out_of_range(number));
    return true;
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return is_sound({text, size}) && (note(), to_.string({text, size}), true);
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    return is_sound({text, size}) && (to_.key({text, size}), true);
  }
  bool StartObject() { return enter() && (note(), to_.begin_object(), true); }
  bool StartArray() { return enter() && (note(), to_.begin_array(), true); }
  bool EndObject(rapidjson::SizeType) { return --depth_, to_.end_object(), true; }
  bool EndArray(rapidjson::SizeType) { return --depth_, to_.end_array(), true; }

  // Never called: numbers come as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  [[nodiscard]] const char* complaint() const { return complaint_; }

private:
  void note() {
    if (behind_)
      *behind_ = from_.Tell();
  }

  bool enter() {
    if (++depth_ <= max_json_depth)
      return true;
    complaint_ = "nested deeper than 32 levels";
    return false;
  }

  bool is_sound(std::string_view text) {
    if (!has_surrogate(text))
      return true;
    complaint_ = "a string holds a lone surrogate";
    return false;
  }

  json_sink& to_;
  const taken_numbers& taken_;
  const rapidjson::MemoryStream& from_;
  std::size_t* behind_;
  std::size_t numbers_ = 0;
  std::size_t depth_ = 0;
  const char* complaint_ = nullptr;
};

/// Calls `visit(offset, length)` for each run of number characters outside strings.
template <class Visitor>
void each_number(std::string_view text, Visitor&& visit) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '"')
        in_string = false;
    } else if (text[i] == '"') {
      in_string = true;
    } else if (text[i] == '-' || (text[i] >= '0' && text[i] <= '9')) {
      const auto end = std::min(text.find_first_not_of("+-.0123456789eE", i), text.size());
      visit(i, end - i);
      i = end - 1;
    }
  }
}

/// The end of the run of digits that starts at `at`.
std::size_t after_digits(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of("0123456789", at), text.size());
}

/// Whether the text is a number by the grammar of JSON (RFC 8259, 6).
bool is_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  auto end = after_digits(text, at);
  if (end == at || (text[at] == '0' && end > at + 1))
    return false;
  if (end < text.size() && text[end] == '.') {
    at = end + 1;
    end = after_digits(text, at);
    if (end == at)
      return false;
  }
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    at = end + 1;
    if (at < text.size() && (text[at] == '+' || text[at] == '-'))
      ++at;
    end = after_digits(text, at);
    if (end == at)
      return false;
  }
  return end == text.size();
}

/// Replaces every long or large number by a zero and spaces, for RapidJSON stops at what it takes
/// to be too big, and keeps what was sent. What is malformed stays malformed.
taken_numbers take_large_numbers(std::string& text) {
  taken_numbers taken;
  std::size_t count = 0;
  each_number(text, [&](std::size_t at, std::size_t size) {
    const auto ordinal = count++;
    const auto number = std::string_view(text).substr(at, size);
    const auto exponent = number.find_first_of("eE");
    if ((exponent == number.npos && size < 300) || !is_number(number))
      return;
    taken.emplace(ordinal, number);
    text.replace(at, size, "0" + std::string(size - 1, ' '));
  });
  return taken;
}

result<bool> parse(std::string_view text, json_sink& sink, const taken_numbers& taken,
                   std::size_t* behind) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  adapter handler(sink, taken, stream, behind);
  const auto outcome = reader.Parse<parse_flags>(stream, handler);
  if (outcome.Code() == rapidjson::kParseErrorNumberTooBig)
    return false;
  // The parser takes a NUL byte for the end of the text.
  const bool cut = !outcome.IsError() && stream.Tell() != text.size();
  if (!outcome.IsError() && !cut)
    return true;
  const auto offset = cut ? stream.Tell() : outcome.Offset();
  const char* why = handler.complaint() ? handler.complaint()
                    : cut               ? "bytes follow the value"
                                        : rapidjson::GetParseError_En(outcome.Code());
  const auto line = 1 + std::ranges::count(text.substr(0, offset), '\n');
  return error(errc::bad_request, "The body is not valid JSON: " + std::string(why) + " (at byte " +
                                      std::to_string(offset) +
                                      (line > 1 ? ", line " + std::to_string(line) : "") + ")");
}

} // namespace

std::string_view without_json_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1); // npos + 1 is 0
}

bool nested_deeper_than(std::string_view text, std::size_t levels) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = text[i];
    if (in_string && c == '\\')
      ++i;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && (c == '[' || c == '{') && ++depth > levels)
      return true;
    else if (!in_string && (c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return false;
}

result<void> read_json(std::string_view text, resettable_json_sink& sink, std::size_t* behind) {
  if (text.starts_with("\xEF\xBB\xBF"))
    return error(errc::bad_request,
                 "The body is not valid JSON: it starts with a byte order mark (at byte 0)");
  auto done = parse(text, sink, {}, behind);
  if (!done)
    return done.error();
  if (*done)
    return boost::system::in_place_value;
  sink.reset();
  std::string reduced(text);
  const auto taken = take_large_numbers(reduced);
  done = parse(reduced, sink, taken, behind); // of the same length, so offsets stay
  if (!done)
    return done.error();
  if (!*done)
    return error(errc::bad_request, "The body is not valid JSON: a malformed number");
  return boost::system::in_place_value;
}

bool is_integral(std::string_view number) {
  const auto magnitude = magnitude_of(number);
  if (!magnitude)
    return true;
  // The last significant digit must not stand behind the point.
  const auto significand = number.substr(0, number.find_first_of("eE"));
  const auto first = significand.find_first_of("123456789");
  const auto last = significand.find_last_of("123456789");
  const auto point = significand.find('.');
  const auto between = static_cast<long>(last - first) - (point > first && point < last ? 1 : 0);
  return *magnitude >= between;
}

std::optional<std::int64_t> integer_of(std::string_view number) {
  if (!is_integral(number))
    return std::nullopt;
  const auto magnitude = magnitude_of(number);
  if (!magnitude)
    return 0;
  if (*magnitude > 18)
    return std::nullopt;
  std::string digits;
  for (char c : number.substr(0, number.find_first_of("eE")))
    if (c >= '0' && c <= '9' && (c != '0' || !digits.empty()))
      digits.push_back(c);
  digits.resize(static_cast<std::size_t>(*magnitude) + 1, '0');
  if (number.starts_with('-'))
    digits.insert(0, "-");
  std::int64_t value = 0;
  const auto end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value);
  return read.ec == std::errc() ? std::optional(value) : std::nullopt;
}

} // namespace headwater
