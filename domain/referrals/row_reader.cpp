#include "domain/referrals/row_reader.hpp"

#include "domain/referrals/json_pass.hpp"
#include "domain/referrals/row_builder.hpp"

#include <algorithm>
#include <cstring>

namespace headwater::referrals {
namespace {

pass_end parse_lines(rapidjson::Reader& reader, row_builder& builder, char* text,
                     std::size_t size) {
  for (std::size_t begin = 0; begin < size;) {
    auto* newline = static_cast<char*>(std::memchr(text + begin, '\n', size - begin));
    auto end = newline != nullptr ? static_cast<std::size_t>(newline - text) : size;
    text[end] = '\0';
    if (!blank({text + begin, end - begin})) {
      auto line = parse_text(reader, builder, text + begin, end - begin, begin);
      if (line.failed || line.number_too_big)
        return line;
    }
    begin = end + 1;
  }
  return {};
}

struct row_pass {
  row_builder builder;
  pass_end end;
};

row_pass run(std::string_view body, body_format format, std::size_t max_events, bool blank_huge) {
  auto source = make_source(body, blank_huge);
  auto* text = source.buffer.get();
  auto array = format == body_format::json_array;
  row_pass pass{row_builder{std::move(source), array ? 1U : 0U, max_events}, {}};
  // The shortest row has some 70 bytes, a usual one twice that.
  pass.builder.rows().reserve(std::min(max_events, body.size() / 128 + 1));
  rapidjson::Reader reader;
  pass.end = array ? parse_text(reader, pass.builder, text, body.size(), 0)
                   : parse_lines(reader, pass.builder, text, body.size());
  return pass;
}

} // namespace

body_format sniff_format(std::string_view body) {
  auto first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '[' ? body_format::json_array
                                                               : body_format::ndjson;
}

result<row_batch> read_rows(std::string_view body, body_format format, std::size_t max_events) {
  if (blank(body))
    return error{errc::bad_request, "Request body is empty"};
  auto pass = run(body, format, max_events, false);
  if (pass.end.number_too_big)
    pass = run(body, format, max_events, true);
  if (pass.end.failed)
    return *pass.end.failed;
  if (!pass.builder.faults().empty())
    return error{errc::validation_error, "Request validation failed",
                 std::move(pass.builder.faults())};
  return row_batch{std::move(pass.builder.rows()), pass.builder.text()};
}

} // namespace headwater::referrals
