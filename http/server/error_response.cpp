#include "http/server/error_response.hpp"

#include "domain/core/text.hpp"
#include "domain/json/json_writer.hpp"

#include <algorithm>
#include <variant>

namespace headwater::http {

namespace {

/// Told where nothing better is known.
constexpr std::int64_t shortest_wait = 1;

void add_required_fields(response& out, std::int64_t retry_after) {
  if (out.status == 401)
    out.add("WWW-Authenticate", "Bearer");
  if (out.status == 429 || out.status == 503)
    out.add("Retry-After", std::max(retry_after, shortest_wait));
}

std::string_view public_code(errc code) noexcept {
  if (code == errc::corrupt_log || code == errc::io_failed || code == errc::incompatible_data)
    return to_string(errc::internal_error);
  if (code == errc::version_conflict)
    return to_string(errc::service_unavailable);
  return to_string(code);
}

/// What a fault quotes of a request need not be UTF-8.
void append_quoted(std::string& out, std::string_view quoted) {
  append_json_string(out, to_valid_utf8(quoted));
}

void append_faults(std::string& out, const std::vector<fault>& faults) {
  out.push_back('[');
  for (const auto& one : faults) {
    out.append(&one == faults.data() ? R"({"field":)" : R"(,{"field":)");
    append_quoted(out, to_string(one.at));
    out.append(R"(,"message":)");
    append_quoted(out, one.message);
    out.append(R"(,"type":)");
    append_json_string(out, one.type);
    if (one.line > 0)
      out.append(R"(,"line":)").append(std::to_string(one.line));
    out.push_back('}');
  }
  out.push_back(']');
}

/// ["body",3,"date"], Pydantic's `loc`.
void append_loc(std::string& out, const location& place) {
  out.push_back('[');
  for (const auto& step : place.steps()) {
    if (&step != place.steps().data())
      out.push_back(',');
    if (const auto* name = std::get_if<std::string>(&step))
      append_quoted(out, *name);
    else
      out.append(std::to_string(std::get<std::int64_t>(step)));
  }
  out.push_back(']');
}

void rules_body(std::string& out, std::string_view code, std::string_view message,
                const error* what, std::string_view request_id) {
  out.append(R"({"error":{"code":)");
  append_json_string(out, code);
  out.append(R"(,"message":)");
  append_json_string(out, message);
  if (what && !what->faults.empty()) {
    out.append(R"(,"detail":)");
    append_faults(out, what->faults);
    if (what->fault_count > 0)
      out.append(R"(,"fault_count":)").append(std::to_string(what->fault_count));
  } else if (what && what->existing_id) {
    out.append(R"(,"detail":{"existing_id":)").append(std::to_string(*what->existing_id)) += '}';
  }
  out.append(R"(},"request_id":)");
  append_json_string(out, request_id);
  out.push_back('}');
}

void referrals_body(std::string& out, std::string_view message, const error* what) {
  out.append(R"({"detail":)");
  if (!what || what->code != errc::validation_error) {
    append_json_string(out, message);
  } else {
    out.push_back('[');
    for (const auto& one : what->faults) {
      out.append(&one == what->faults.data() ? R"({"loc":)" : R"(,{"loc":)");
      append_loc(out, one.at);
      out.append(R"(,"msg":)");
      append_quoted(out, one.message);
      out.append(R"(,"type":)");
      append_json_string(out, one.type);
      out.push_back('}');
    }
    out.push_back(']');
  }
  out.push_back('}');
}

} // namespace

// NOLINTNEXTLINE(readability-function-size): a line for each code
unsigned short status_of(errc code) noexcept {
  switch (code) {
  case errc::bad_request:
    return 400;
  case errc::unauthorized:
    return 401;
  case errc::forbidden:
    return 403;
  case errc::not_found:
  case errc::account_not_found:
    return 404;
  case errc::method_not_allowed:
    return 405;
  case errc::duplicate_entry:
    return 409;
  case errc::gone:
  case errc::account_erased:
    return 410;
  case errc::precondition_failed:
    return 412;
  case errc::payload_too_large:
    return 413;
  case errc::unsupported_media_type:
    return 415;
  case errc::validation_error:
  case errc::max_entries_reached:
  case errc::quota_exceeded:
  case errc::idempotency_key_reused:
    return 422;
  case errc::rate_limit_exceeded:
    return 429;
  case errc::internal_error:
  case errc::corrupt_log:
  case errc::io_failed:
  case errc::incompatible_data:
    return 500;
  case errc::service_unavailable:
  case errc::outcome_unknown:
  case errc::storage_full:
  case errc::version_conflict:
    return 503;
  }
  return 500;
}

std::string_view public_message(const error& what) noexcept {
  if (what.code == errc::corrupt_log || what.code == errc::incompatible_data)
    return "Stored data could not be read";
  if (what.code == errc::io_failed)
    return "Stored data could not be read or written";
  if (status_of(what.code) == 500)
    return "Internal error";
  return what.message;
}

void write_error(response& out, family shape, const error& what, std::string_view request_id) {
  out.status = status_of(what.code);
  out.content_type = "application/json";
  out.etag.clear();
  out.coding = body_coding::identity;
  out.body.clear();
  out.shared.reset();
  add_required_fields(out, what.retry_after);
  // A message may quote a path or a query, whose decoded bytes need not be UTF-8.
  const auto message = to_valid_utf8(public_message(what));
  if (shape == family::referrals)
    referrals_body(out.body, message, &what);
  else
    rules_body(out.body, public_code(what.code), message, &what, request_id);
}

void write_error(response& out, family shape, const protocol_fault& what,
                 std::string_view request_id) {
  out.status = what.status;
  out.content_type = "application/json";
  out.etag.clear();
  out.coding = body_coding::identity;
  out.body.clear();
  out.shared.reset();
  add_required_fields(out, shortest_wait);
  if (shape == family::referrals)
    referrals_body(out.body, what.message, nullptr);
  else
    rules_body(out.body, what.code, what.message, nullptr, request_id);
}

} // namespace headwater::http
