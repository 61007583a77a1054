#pragma once

// Reads a JSON text token by token into a sink that is chosen at run time; json_pass.hpp has the
// parser. Stateless, any thread.

#include "domain/core/error.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace headwater {

inline constexpr std::size_t max_json_depth = 32;

/// The zero bytes behind a text that RapidJSON parses in place: one ends the text, and the others
/// are read where it is cut within a character of up to four bytes.
inline constexpr std::size_t json_padding = 4;

/// Receives the tokens of a JSON text in order. Views are valid only during the call.
class json_sink {
public:
  virtual ~json_sink() = default;
  virtual void null() = 0;
  virtual void boolean(bool value) = 0;
  /// `text` is the number as sent. `in_range` is false if it is too large for a double (1e400).
  virtual void number(std::string_view text, bool in_range) = 0;
  virtual void string(std::string_view value) = 0;
  virtual void key(std::string_view name) = 0;
  virtual void begin_object() = 0;
  virtual void end_object() = 0;
  virtual void begin_array() = 0;
  virtual void end_array() = 0;
};

/// A sink that may get the text a second time from the start. This happens if the text has numbers
/// that the parser refuses.
class resettable_json_sink : public json_sink {
public:
  /// Forgets all tokens so far.
  virtual void reset() = 0;
};

/// Feeds the whole text to the sink. errc::bad_request in the cases that parse_draft names; the
/// sink must then not be used. `behind`, if given, always holds the offset just after the token
/// that the sink gets: the end of a scalar, the character after an opening bracket.
[[nodiscard]] result<void> read_json(std::string_view text, resettable_json_sink& sink,
                                     std::size_t* behind = nullptr);

/// The text without JSON's white space (spaces, tabs, CR and LF) at both ends.
[[nodiscard]] std::string_view without_json_blanks(std::string_view text);

/// Whether arrays and objects are nested more than `levels` deep. The text need not be valid JSON:
/// this only counts brackets outside strings.
[[nodiscard]] bool nested_deeper_than(std::string_view text, std::size_t levels);

} // namespace headwater
