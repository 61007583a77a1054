#include "domain/referrals/row_reader.hpp"

#include "domain/core/try.hpp"
#include "domain/json/json_pass.hpp"
#include "domain/json/json_reader.hpp"
#include "domain/referrals/request_text.hpp"
#include "domain/referrals/row_builder.hpp"

#include <algorithm>

namespace headwater::referrals {
namespace {

/// Feeds each line that is not blank. What is wrong in one ends the pass.
std::optional<json_fault> parse_lines(json_buffer& buffer, row_builder& builder) {
  const auto body = buffer.sent();
  for (std::size_t begin = 0; begin < body.size();) {
    const auto end = std::min(body.find('\n', begin), body.size());
    if (!without_json_blanks(body.substr(begin, end - begin)).empty())
      if (auto fault = buffer.parse(builder, begin, end))
        return fault;
    begin = end + 1;
  }
  return std::nullopt;
}

struct row_pass {
  row_builder builder;
  std::optional<json_fault> fault;
};

row_pass run(json_buffer& buffer, body_format format, std::size_t max_events) {
  const auto array = format == body_format::json_array;
  const auto size = buffer.sent().size();
  row_pass pass{row_builder{array ? 1U : 0U, max_events}, {}};
  // The shortest row has some 70 bytes, a usual one twice that.
  pass.builder.rows().reserve(std::min(max_events, size / 128 + 1));
  pass.fault = array ? buffer.parse(pass.builder, 0, size) : parse_lines(buffer, pass.builder);
  return pass;
}

} // namespace

body_format sniff_format(std::string_view body) {
  auto first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '[' ? body_format::json_array
                                                               : body_format::ndjson;
}

result<row_batch> read_rows(std::string_view body, body_format format, std::size_t max_events) {
  CHECK(not_blank(body));
  json_buffer buffer{body};
  auto pass = buffer.read([&] { return run(buffer, format, max_events); });
  if (pass.builder.failure())
    return *pass.builder.failure();
  if (pass.fault)
    return not_json(*pass.fault);
  if (!pass.builder.faults().empty())
    return error{errc::validation_error, "Request validation failed",
                 std::move(pass.builder.faults())};
  return row_batch{std::move(pass.builder.rows()), buffer.owner()};
}

} // namespace headwater::referrals
