#include "http/resolve/long_visits.hpp"

#include "domain/resolve/utm_members.hpp"

namespace headwater::http {

bool is_long(const attribution::visit& of) {
  auto size = of.url.size() + (of.referrer ? of.referrer->size() : 0);
  if (of.session)
    for (const auto& member : attribution::utm_members)
      size += ((*of.session).*member.value).size();
  return size > longest_resolved_at_once;
}

bool is_long(const result<attribution::visit>& of) {
  return of && is_long(*of);
}

awaitable<result<std::string>> resolved_long(exchange& x, const resolution& with,
                                             attribution::visit of) {
  auto render = [with](const attribution::visit& visit) {
    json_writer out;
    resolve_into(out, with, visit);
    return std::move(out).str();
  };
  co_return co_await resolved_in_background(x, std::move(of), std::move(render));
}

void add_result(json_writer& to, const result<std::string>& made) {
  if (made)
    to.raw(*made);
  else
    render_error(to, made.error());
}

} // namespace headwater::http
