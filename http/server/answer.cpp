#include "http/server/answer.hpp"

#include "domain/core/try.hpp"
#include "http/server/exchange.hpp"

namespace headwater::http {

answer&& answer::with(std::string_view name, std::string_view value) && {
  append_field(fields, name, value);
  return std::move(*this);
}

answer success(std::string_view data, std::string_view meta, unsigned short status) {
  answer out;
  out.status = status;
  out.body.reserve(data.size() + meta.size() + 40);
  out.body.append(R"({"success":true,"data":)").append(data);
  if (!meta.empty())
    out.body.append(R"(,"meta":)").append(meta);
  out.body.push_back('}');
  return out;
}

success_writer::success_writer() {
  constexpr std::size_t usual = 640;
  out_.reserve(usual);
  out_.piece(R"({"success":true,"data":)");
}

answer success_writer::finish(std::string_view meta) && {
  if (!meta.empty())
    out_.piece(R"(,"meta":)").raw(meta);
  out_.piece("}");
  answer out;
  out.body = std::move(out_).str();
  return out;
}

result<answer> large_success(exchange& x, std::string_view data, std::string_view meta) {
  CHECK(x.cover_answer(data.size()));
  return success(data, meta);
}

answer plain(std::string body, unsigned short status, std::string_view content_type) {
  answer out;
  out.status = status;
  out.content_type = content_type;
  out.body = std::move(body);
  return out;
}

answer shared(shared_body_ptr body, std::string_view content_type) {
  answer out;
  out.content_type = content_type;
  out.shared = std::move(body);
  return out;
}

answer no_content() {
  answer out;
  out.status = 204;
  out.content_type = {};
  return out;
}

answer sent() {
  answer out;
  out.is_sent = true;
  return out;
}

std::string ignored_meta(const std::vector<std::string>& names, std::string_view as_of) {
  if (names.empty() && as_of.empty())
    return {};
  json_writer out;
  out.begin_object();
  if (!as_of.empty())
    out.key("as_of").raw(as_of);
  if (!names.empty()) {
    out.key("ignored_fields").begin_array();
    for (const auto& name : names)
      out.string(name);
    out.end_array();
  }
  out.end_object();
  return std::move(out).str();
}

} // namespace headwater::http
