#include "http/server/request.hpp"

namespace headwater::http {

std::string_view to_string(method verb) noexcept {
  switch (verb) {
  case method::get:
    return "GET";
  case method::head:
    return "HEAD";
  case method::post:
    return "POST";
  case method::put:
    return "PUT";
  case method::patch:
    return "PATCH";
  case method::delete_:
    return "DELETE";
  case method::options:
    return "OPTIONS";
  case method::connect:
    return "CONNECT";
  case method::trace:
    return "TRACE";
  case method::other:
    return "OTHER";
  }
  return "OTHER";
}

std::optional<std::string_view> request_head::find(std::string_view name) const {
  for (const auto& field : fields)
    if (field.name == name)
      return field.value;
  return std::nullopt;
}

std::optional<std::string> joined(const request_head& head, std::string_view name) {
  std::optional<std::string> out;
  for (const auto& field : head.fields) {
    if (field.name != name)
      continue;
    if (out)
      out->append(",").append(field.value);
    else
      out.emplace(field.value);
  }
  return out;
}

} // namespace headwater::http
