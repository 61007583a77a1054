// The console: a page for people, and the files that it is made of.

#include "http/application.hpp"
#include "http/gate/route.hpp"

namespace headwater::http {

namespace {

using nobody = open_gate::entered;

/// What the page may do: nothing but run its own scripts and call this service. A text of somebody
/// else that got into it could neither run nor be sent anywhere.
answer with_policy(answer page) {
  return std::move(page)
      .with("Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
            "trusted-types 'none'")
      .with("Referrer-Policy", "no-referrer")
      .with("Cross-Origin-Opener-Policy", "same-origin")
      .with("Permissions-Policy", "");
}

/// To the console, seen from "/" and from "/console", below whatever path a proxy has in front.
answer to_console(unsigned short status) {
  answer out;
  out.status = status;
  out.content_type = {};
  return std::move(out).with("Location", "console/");
}

awaitable<result<answer>> show_home(exchange& x, const nobody&) {
  if (x.head.path != "/") // "//" is read as the same path, but its links lead elsewhere
    co_return error{errc::not_found, "Not Found"};
  co_return to_console(303);
}

awaitable<result<answer>> show_console(exchange& x, const nobody&) {
  const auto path = x.match.params[0];
  if (path.empty() && !x.head.path.ends_with('/'))
    co_return to_console(308);
  const auto* file = x.app().console->find(path);
  if (!file)
    co_return error{errc::not_found, "Not Found"};
  auto out = shared(file->body, file->content_type).tagged(file->etag);
  out.is_immutable = file->is_immutable;
  co_return file->is_page() ? with_policy(std::move(out)) : std::move(out);
}

constexpr route home_route{.verb = method::get,
                           .path = "/",
                           .gate = anyone,
                           .name = "home",
                           .summary = "Leads to the console",
                           .kin = family::pages,
                           .successes = {303},
                           .refusals = {404},
                           .run = show_home};
constexpr route console_route{.verb = method::get,
                              .path = "/console/{path...}",
                              .gate = anyone,
                              .name = "console",
                              .summary = "The console and its files",
                              .kin = family::pages,
                              .successes = {200, 308},
                              .refusals = {404},
                              .tagged = true,
                              .run = show_console};

} // namespace

void add_page_routes(std::vector<endpoint>& to) {
  to.insert(to.end(), {row(home_route), row(console_route)});
}

} // namespace headwater::http
