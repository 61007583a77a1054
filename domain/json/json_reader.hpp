#pragma once

// Reads a JSON text token by token, for sinks that are chosen when the program runs; json_pass.hpp
// has the parser. Stateless, any thread.

#include "domain/core/error.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace headwater {

inline constexpr std::size_t max_json_depth = 32;

/// The zero bytes behind a text that RapidJSON parses in place: one ends the text, and the others
/// are read where it is cut within a character of up to four bytes.
inline constexpr std::size_t json_padding = 4;

/// Receives the tokens of a JSON text in order. Views live for the call only.
class json_sink {
public:
  virtual ~json_sink() = default;
  virtual void null() = 0;
  virtual void boolean(bool value) = 0;
  /// `text` as sent. `in_range` is false where no double holds it (1e400).
  virtual void number(std::string_view text, bool in_range) = 0;
  virtual void string(std::string_view value) = 0;
  virtual void key(std::string_view name) = 0;
  virtual void begin_object() = 0;
  virtual void end_object() = 0;
  virtual void begin_array() = 0;
  virtual void end_array() = 0;
};

/// A sink that may be fed a second time from the start, which happens to a text with numbers that
/// the parser cannot take.
class resettable_json_sink : public json_sink {
public:
  /// Forgets everything that was fed.
  virtual void reset() = 0;
};

/// Feeds the whole text to the sink. Errors: errc::bad_request as parse_draft says; the sink then
/// holds a part of the text, which is of no use. `behind`, where given, is kept at the offset
/// behind the token that the sink is fed: a scalar's end, the character after a bracket that opens.
[[nodiscard]] result<void> read_json(std::string_view text, resettable_json_sink& sink,
                                     std::size_t* behind = nullptr);

/// Without the blanks at both ends that JSON has: spaces, tabs, CR and LF, no other.
[[nodiscard]] std::string_view without_json_blanks(std::string_view text);

/// Whether arrays and objects stand more than `levels` deep in a text that may or may not be JSON:
/// brackets outside strings are counted.
[[nodiscard]] bool nested_deeper_than(std::string_view text, std::size_t levels);

} // namespace headwater
