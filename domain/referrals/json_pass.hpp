#pragma once

// One pass of RapidJSON over a request body in place: what is JSON, what is not, and where. Shared
// by the readers of this folder. One pass, one thread.

#include "domain/core/error.hpp"
#include "domain/referrals/referral_row.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <rapidjson/stream.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::referrals {

/// True for nothing but JSON's white space.
[[nodiscard]] bool blank(std::string_view text);

/// The body as a handler sees it: a copy that is parsed in place, so that texts are views, and the
/// body as sent. Where huge numbers were blanked out, their text is read from the latter.
struct json_source {
  std::shared_ptr<char[]> buffer; ///< the copy, and a zero byte
  std::string_view original;
  bool blanked = false;
  bool may_hold_lone_surrogates = false;

  /// The number that a handler was given, as it was sent.
  [[nodiscard]] std::string_view number(const char* text, std::size_t length) const;
};

/// Copies the body. `blank_huge` overwrites each number that RapidJSON may refuse for its size
/// with 0: RapidJSON ends at the first, but whether the rest is JSON decides between 400 and 422.
[[nodiscard]] json_source make_source(std::string_view body, bool blank_huge);

/// How a pass ended, apart from what the handler made of it.
struct pass_end {
  std::optional<error> failed;
  bool number_too_big = false; ///< run it again on a source with huge numbers blanked out
};

[[nodiscard]] pass_end not_json(std::size_t at, std::string_view why);

[[nodiscard]] error nested_too_deep();
[[nodiscard]] error half_a_surrogate_pair();

/// Parses one JSON text of `length` bytes in place; a zero byte follows it, and it starts at byte
/// `offset` of the body. Iterative; texts are checked to be UTF-8, numbers handed on as text.
/// `handler.failure()` is why the handler stopped the parser, if it did.
template <class Handler>
[[nodiscard]] pass_end parse_text(rapidjson::Reader& reader, Handler& handler, char* text,
                                  std::size_t length, std::size_t offset) {
  constexpr unsigned flags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                             rapidjson::kParseValidateEncodingFlag |
                             rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::InsituStringStream stream{text};
  auto parsed = reader.Parse<flags>(stream, handler);
  if (handler.failure())
    return {handler.failure()};
  if (parsed.IsError() && parsed.Code() == rapidjson::kParseErrorNumberTooBig)
    return {std::nullopt, true};
  if (parsed.IsError())
    return not_json(offset + parsed.Offset(), rapidjson::GetParseError_En(parsed.Code()));
  // A zero byte ends RapidJSON's stream wherever it stands.
  if (stream.Tell() != length)
    return not_json(offset + stream.Tell(), "There are bytes after the JSON text.");
  return {};
}

} // namespace headwater::referrals
