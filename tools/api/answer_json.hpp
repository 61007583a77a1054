#pragma once

// Reads a server's answers, whatever they are: a missing member is null.

#include "tools/terminal/printable.hpp"

#include <rapidjson/document.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace headwater::tools {

/// The body of an answer. Null if it is not JSON, or nested deeper than any answer of ours.
[[nodiscard]] rapidjson::Document parsed_answer(std::string_view body);

/// A member of an object; null if it is missing.
[[nodiscard]] const rapidjson::Value& member(const rapidjson::Value& of, const char* name);

/// As JSON, which distinguishes "" from null.
[[nodiscard]] std::string quoted(const rapidjson::Value& value);
[[nodiscard]] std::string text_of(const rapidjson::Value& value);

/// The text, fit for a terminal.
[[nodiscard]] std::string shown(const rapidjson::Value& value);

[[nodiscard]] std::int64_t number_of(const rapidjson::Value& value);

} // namespace headwater::tools
