#include "http/application.hpp"
#include "http/server/router.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <stdexcept>

namespace headwater::http {
namespace {

using match_outcome = route_match::outcome;

const router& whole() {
  static const router one(all_routes());
  return one;
}

route_match match(method verb, std::string_view path) {
  route_match out;
  whole().match(verb, path, out);
  return out;
}

std::string name_of(method verb, std::string_view path) {
  const auto out = match(verb, path);
  return out.what == match_outcome::found ? std::string(out.found->name) : "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(routing)

BOOST_AUTO_TEST_CASE(each_route_is_found_under_its_own_path) {
  std::set<std::string_view> names;
  for (const auto& one : whole().routes()) {
    std::string path(one.path);
    for (auto at = path.find('{'); at != path.npos; at = path.find('{'))
      path.replace(at, path.find('}') - at + 1, "7");
    BOOST_TEST(name_of(one.verb, path) == one.name);
    BOOST_TEST(name_of(one.verb, path + "/") == one.name);
    const auto base = one.kin == family::referrals ? "/v1" : "/api/v1";
    BOOST_TEST(name_of(one.verb, base + path) == (one.kin == family::pages ? "" : one.name));
    BOOST_TEST(names.insert(one.name).second, one.name);
    BOOST_TEST(!one.statuses.empty());
  }
}

BOOST_AUTO_TEST_CASE(literal_segments_win_over_parameters) {
  BOOST_TEST(name_of(method::get, "/api-tokens/self") == "getOwnApiToken");
  BOOST_TEST(name_of(method::get, "/api-tokens/7") == "getApiToken");
}

BOOST_AUTO_TEST_CASE(base_paths_serve_their_own_family_only) {
  for (const auto path :
       {"/v1/resolve", "/v1/passthrough-referrers", "/api/v1/7/ai-referrals", "/api/v2/resolve", "",
        "/api/v1", "/v1", "/accounts//", "/v1/console", "/api/v1/console/a",
        "/a/b/c/d/e/f/g/h/i/j/k/l/m", "/RESOLVE", "*", "resolve"})
    BOOST_TEST((match(method::post, path).what == match_outcome::no_path), path);
}

BOOST_AUTO_TEST_CASE(unknown_paths_have_the_family_that_they_look_like) {
  BOOST_TEST((match(method::get, "/v1/7/ai-referrals/nope").kin == family::referrals));
  BOOST_TEST((match(method::get, "/7/ai-referrals/nope").kin == family::referrals));
  for (const auto path :
       {"/nope", "/v1/nope", "/v1/passthrough-referrers", "/api/v1/7/ai-referrals"})
    BOOST_TEST((match(method::get, path).kin == family::rules), path);
}

BOOST_AUTO_TEST_CASE(wrong_method_names_those_that_are_allowed) {
  const auto out = match(method::put, "/referrer-mappings/7");
  BOOST_TEST((out.what == match_outcome::no_method));
  BOOST_TEST(out.allow == "GET, HEAD, PATCH, DELETE, OPTIONS");
  BOOST_TEST(match(method::options, "/resolve").allow == "POST, OPTIONS");
}

BOOST_AUTO_TEST_CASE(a_listener_for_operators_serves_what_is_for_them_and_nothing_else) {
  std::set<std::string_view> found;
  for (const auto& one : whole().routes()) {
    route_match out;
    std::string path(one.path);
    for (auto at = path.find('{'); at != path.npos; at = path.find('{'))
      path.replace(at, path.find('}') - at + 1, "7");
    whole().match(one.verb, path, out, listener_role::operators);
    if (out.what == match_outcome::found)
      found.insert(one.name);
    else
      BOOST_TEST((out.what == match_outcome::no_path && out.allow.empty()), one.name);
    whole().match(one.verb, path, out, listener_role::clients);
    BOOST_TEST((out.what == match_outcome::found), one.name);
  }
  BOOST_TEST((found == std::set<std::string_view>{"live", "health", "ready", "metrics",
                                                  "createSnapshot", "listSnapshots"}));
}

BOOST_AUTO_TEST_CASE(a_route_that_does_not_say_where_is_for_clients) {
  const endpoint said_nothing{};
  BOOST_TEST(is_served(said_nothing.on, listener_role::clients));
  BOOST_TEST(is_served(said_nothing.on, listener_role::everything));
  BOOST_TEST(!is_served(said_nothing.on, listener_role::operators));
  BOOST_TEST(is_served(served_on::operators, listener_role::everything));
  BOOST_TEST(!is_served(served_on::operators, listener_role::clients));
}

BOOST_AUTO_TEST_CASE(routes_of_one_path_are_on_the_same_listeners) {
  endpoint one, other;
  one.verb = method::get;
  other.verb = method::post;
  one.path = other.path = "/x";
  BOOST_CHECK_NO_THROW(router({one, other}));
  other.on = served_on::both;
  BOOST_CHECK_THROW(router({one, other}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(an_open_end_takes_the_rest_of_a_path_as_it_is_written) {
  const auto rest = [](std::string_view path) {
    route_match out;
    whole().match(method::get, path, out);
    return out.found && out.found->name == "console" ? std::string(out.params[0]) : "not found";
  };
  BOOST_TEST(rest("/console") == "");
  BOOST_TEST(rest("/console/") == "");
  BOOST_TEST(rest("/console/assets/main-1.js") == "assets/main-1.js");
  BOOST_TEST(rest("/console/a/acme%20x/rules/mapping/12") == "a/acme%20x/rules/mapping/12");
  BOOST_TEST(rest("/console/a//b") == "a//b");
  BOOST_TEST(rest("/consoles") == "not found");
  BOOST_TEST(match(method::post, "/console/a").allow == "GET, HEAD, OPTIONS");
}

BOOST_AUTO_TEST_CASE(head_is_served_by_get) {
  const auto out = match(method::head, "/livez");
  BOOST_TEST((out.what == match_outcome::found));
  BOOST_TEST(out.head_of_get);
  BOOST_TEST((match(method::head, "/resolve").what == match_outcome::no_method));
}

BOOST_AUTO_TEST_CASE(parameters_are_decoded_after_splitting) {
  const auto out = match(method::get, "/accounts/a%2Fb%c3%bc");
  BOOST_REQUIRE((out.what == match_outcome::found));
  BOOST_TEST(out.params[0] == "a/b\xc3\xbc");
  BOOST_TEST((match(method::get, "/accounts/a%2").what == match_outcome::bad_escape));
}

BOOST_AUTO_TEST_CASE(forms_of_a_path_that_are_the_same_have_one_canonical_form) {
  for (const auto* path : {"/1/x", "/1/x/", "/v1/1/x", "/v1/1/x/", "/api/v1/1/x", "/api/v1/1/x/"})
    BOOST_TEST(canonical_path(path) == "/1/x", path);
  BOOST_TEST(canonical_path("/v1x/y") == "/v1x/y");
  BOOST_TEST(canonical_path("/api/v12/y") == "/api/v12/y");
  BOOST_TEST(canonical_path("/v1/v1/x") == "/v1/x");
  BOOST_TEST(canonical_path("/x//") == "/x/");
  for (const auto* path : {"/v1", "/api/v1/", "/", ""})
    BOOST_TEST(canonical_path(path) == "", path);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
