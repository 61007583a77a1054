#pragma once

// The one adapter to RapidJSON's SAX parser: a pass over a JSON text, in place in a copy of it,
// without recursion, refusing invalid UTF-8 and lone surrogates. The readers of this folder and of
// domain/referrals use it. One pass, one thread.

#include "domain/core/text_rules.hpp"
#include "domain/json/json_number.hpp"
#include "domain/json/json_reader.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <rapidjson/stream.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace headwater {

/// Why a text is not taken as JSON.
struct json_fault {
  std::size_t at = 0;   ///< the byte, from 0
  std::string_view why; ///< a literal: "Invalid value."
};

/// A copy of one body, to call parse() on from within read(). Strings are decoded in place, so the
/// views that a sink gets point into this copy and live as long as owner().
class json_buffer {
public:
  /// `sent` must outlive the passes over the buffer.
  explicit json_buffer(std::string_view sent);

  [[nodiscard]] std::shared_ptr<char[]> owner() const { return copy_; }
  [[nodiscard]] std::string_view sent() const { return sent_; }

  /// Feeds the JSON text in the bytes from `begin` to `end` to the sink, which has the functions of
  /// json_sink. If the sink has a function stopped() that returns true, the pass ends, and the
  /// return value means nothing. `behind`, if given, always holds the offset just after the token
  /// that the sink gets: the end of a scalar, the character after an opening bracket.
  template <class Sink>
  [[nodiscard]] std::optional<json_fault> parse(Sink& sink, std::size_t begin, std::size_t end,
                                                std::size_t* behind = nullptr);

  /// Calls `pass()`, which makes a sink, parses into it and returns anything. RapidJSON refuses
  /// very large numbers, which JSON allows: if it met one, this hides such numbers from RapidJSON
  /// and calls `pass()` once more. Sinks still get the numbers as they were sent.
  template <class Pass>
  [[nodiscard]] auto read(Pass&& pass) {
    auto out = pass();
    if (!met_large_number_)
      return out;
    hide_large_numbers();
    return pass();
  }

private:
  template <class Sink>
  class tokens;

  void hide_large_numbers();
  [[nodiscard]] std::string_view number_as_sent(const char* text, std::size_t size) const;
  [[nodiscard]] std::optional<json_fault> refused_number(std::size_t at);

  rapidjson::Reader reader_; ///< one for all lines of a body: it keeps its memory
  std::string_view sent_;
  std::shared_ptr<char[]> copy_; ///< and zero bytes, which end RapidJSON's stream
  bool may_hold_lone_surrogates_;
  bool is_ascii_;
  bool hidden_ = false;
  bool met_large_number_ = false;
};

/// What RapidJSON calls; false stops it.
template <class Sink>
class json_buffer::tokens {
public:
  tokens(const json_buffer& from, rapidjson::InsituStringStream& stream, Sink& to,
         std::size_t begin, std::size_t* behind)
      : from_(from), stream_(stream), to_(to), begin_(begin), behind_(behind) {}

  // NOLINTBEGIN(readability-identifier-naming): RapidJSON's names
  bool Null() {
    note();
    to_.null();
    return goes_on();
  }
  bool Bool(bool value) {
    note();
    to_.boolean(value);
    return goes_on();
  }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    note();
    const auto number = from_.number_as_sent(text, size);
    to_.number(number, !exceeds_double(number));
    return goes_on();
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    if (!is_sound({text, size}))
      return false;
    note();
    to_.string(std::string_view{text, size});
    return goes_on();
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (!is_sound({text, size}))
      return false;
    to_.key(std::string_view{text, size});
    return goes_on();
  }
  bool StartObject() {
    if (!enter())
      return false;
    note();
    to_.begin_object();
    return goes_on();
  }
  bool StartArray() {
    if (!enter())
      return false;
    note();
    to_.begin_array();
    return goes_on();
  }
  bool EndObject(rapidjson::SizeType) {
    --depth_;
    to_.end_object();
    return goes_on();
  }
  bool EndArray(rapidjson::SizeType) {
    --depth_;
    to_.end_array();
    return goes_on();
  }

  // Never called: numbers come as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  // NOLINTEND(readability-identifier-naming)

  /// What this adapter refuses and RapidJSON would take; empty for nothing.
  [[nodiscard]] std::string_view complaint() const { return complaint_; }

private:
  [[nodiscard]] bool goes_on() const {
    if constexpr (requires { to_.stopped(); })
      return !to_.stopped();
    return true;
  }

  void note() {
    if (behind_ != nullptr)
      *behind_ = begin_ + stream_.Tell();
  }

  bool enter() {
    if (++depth_ <= max_json_depth)
      return true;
    complaint_ = "nested deeper than 32 levels";
    return false;
  }

  /// RapidJSON decodes "\udc00" to the three bytes of a lone surrogate, which are no UTF-8.
  bool is_sound(std::string_view text) {
    if (!from_.may_hold_lone_surrogates_ || !has_lone_surrogate(text))
      return true;
    complaint_ = "a string holds a lone surrogate";
    return false;
  }

  const json_buffer& from_;
  rapidjson::InsituStringStream& stream_;
  Sink& to_;
  std::size_t begin_;
  std::size_t* behind_;
  std::size_t depth_ = 0;
  std::string_view complaint_;
};

template <class Sink>
std::optional<json_fault> json_buffer::parse(Sink& sink, std::size_t begin, std::size_t end,
                                             std::size_t* behind) {
  constexpr unsigned flags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                             rapidjson::kParseNumbersAsStringsFlag;
  if (sent_.substr(begin, end - begin).starts_with("\xEF\xBB\xBF"))
    return json_fault{begin, "it starts with a byte order mark"};
  copy_.get()[end] = '\0';
  rapidjson::InsituStringStream stream{copy_.get() + begin};
  tokens<Sink> handler{*this, stream, sink, begin, behind};
  // Checking the encoding takes a quarter of the time, and most bodies are ASCII.
  const auto parsed =
      is_ascii_ ? reader_.Parse<flags>(stream, handler)
                : reader_.Parse<flags | rapidjson::kParseValidateEncodingFlag>(stream, handler);
  if (!handler.complaint().empty())
    return json_fault{begin + parsed.Offset(), handler.complaint()};
  if (parsed.Code() == rapidjson::kParseErrorNumberTooBig)
    return refused_number(begin + parsed.Offset());
  if (parsed.IsError())
    return json_fault{begin + parsed.Offset(), rapidjson::GetParseError_En(parsed.Code())};
  // A zero byte ends RapidJSON's stream wherever it stands.
  if (stream.Tell() != end - begin)
    return json_fault{begin + stream.Tell(), "bytes follow the value"};
  return std::nullopt;
}

} // namespace headwater
