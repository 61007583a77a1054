#include "http/resolve/resolution.hpp"

namespace headwater::http {

result<attribution::attribution_result> resolution::operator()(const attribution::visit& of) const {
  auto found = all_steps
                   ? attribution::resolve_all_steps(*rules, *platforms, *lists, of, draft.get())
                   : attribution::resolve(*rules, *platforms, *lists, of, explain, draft.get());
  if (found && !found->regex_limit_hits.empty())
    counters.regex_limit_hits.Increment(static_cast<double>(found->regex_limit_hits.size()));
  if (found && found->has_dropped_spam)
    counters.spam_dropped.Increment();
  return found;
}

void resolve_into(json_writer& out, const resolution& with, const attribution::visit& of,
                  std::span<const std::string> ignored_fields) {
  const auto found = with(of);
  if (found.has_error())
    render_error(out, found.error());
  else
    attribution::render(out, *found, with.explain, ignored_fields);
}

void render_error(json_writer& out, const error& what) {
  std::string message = what.message;
  if (!what.faults.empty())
    message = to_string(what.faults.front().at) + ": " + what.faults.front().message;
  out.begin_object().key("error").begin_object();
  out.member("code", to_string(what.code)).member("message", message);
  out.end_object().end_object();
}

void resolve_into(json_writer& out, const resolution& with, const result<attribution::visit>& of) {
  if (of.has_error())
    render_error(out, of.error());
  else
    resolve_into(out, with, *of);
}

void resolve_into(json_writer& out, const resolution& with,
                  const result<attribution::sent_visit>& of) {
  if (of.has_error())
    render_error(out, of.error());
  else
    resolve_into(out, with, *of, of->ignored_fields);
}

} // namespace headwater::http
