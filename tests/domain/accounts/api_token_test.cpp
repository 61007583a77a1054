#include "domain/accounts/api_token.hpp"
#include "domain/accounts/authorisation.hpp"
#include "tests/domain/accounts/body.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace headwater;
using headwater::testing::body;
using namespace headwater::accounts;

namespace {

std::string first_fault(std::string_view json) {
  const auto read = read_token_request(body(json), true);
  if (read)
    return "";
  return to_string(read.error().faults.front().at) + ": " + read.error().faults.front().type;
}

account_list only(std::vector<std::string> ids) {
  return {false, std::move(ids)};
}

const account_list everywhere{true, {}};

api_token token(role what, account_list accounts) {
  api_token made;
  made.id = 1;
  made.scopes = scopes_of(what);
  made.accounts = std::move(accounts);
  return made;
}

std::string message_of(const result<void>& outcome) {
  return outcome ? "" : outcome.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_tokens)

BOOST_AUTO_TEST_CASE(roles_are_the_documented_sets_of_scopes) {
  using names = std::vector<std::string>;
  BOOST_TEST((scopes_of(role::tracker).names() == names{"resolve"}));
  BOOST_TEST((scopes_of(role::viewer).names() == names{"resolve", "read"}));
  BOOST_TEST((scopes_of(role::editor).names() == names{"resolve", "read", "write"}));
  BOOST_TEST((scopes_of(role::admin).names() == names{"resolve", "read", "write", "admin"}));
  BOOST_TEST((role_of({scope::read, scope::resolve}) == role::viewer));
  BOOST_TEST(!role_of({scope::write}).has_value());
  BOOST_TEST(!parse_scope("Admin").has_value());
}

BOOST_AUTO_TEST_CASE(a_request_is_read_whole) {
  const auto read = read_token_request(
      body(
          R"({"name":"tag","role":"tracker","account_ids":["b","a","b"],"expires_in_days":30,"rate_limit":0,
          "allowed_origins":["HTTPS://Shop.Example:443","http://localhost:3000","https://shop.example"],
          "token":"vendor-secret-0123456789!"})"),
      true);
  BOOST_REQUIRE(read);
  BOOST_TEST(read->name == "tag");
  BOOST_TEST((read->scopes == scopes_of(role::tracker)));
  BOOST_TEST((read->accounts == only({"a", "b"})));
  BOOST_TEST(read->expires_in_days.value() == 30);
  BOOST_TEST(read->rate_limit.value() == 0);
  BOOST_TEST((read->allowed_origins ==
              std::vector<std::string>{"https://shop.example", "http://localhost:3000"}));
  BOOST_TEST(read->own_secret.value() == "vendor-secret-0123456789!");
}

BOOST_AUTO_TEST_CASE(what_is_absent_or_null_is_left_to_the_service) {
  const auto read = read_token_request(
      body(R"({"scopes":["write","read"],"role":null,"account_ids":null,"expires_in_days":null,
          "rate_limit":null,"allowed_origins":null,"token":null})"),
      true);
  BOOST_REQUIRE(read);
  BOOST_TEST((read->scopes == scope_set{scope::read, scope::write}));
  BOOST_TEST((!read->accounts && !read->expires_in_days && !read->own_secret && !read->rate_limit));
  BOOST_TEST(!read->allowed_origins);
  const auto all = read_token_request(body(R"({"role":"admin","account_ids":["*"]})"), true);
  BOOST_TEST((all.value().accounts == everywhere));
}

BOOST_AUTO_TEST_CASE(each_fault_of_a_request_is_named) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({})", "body.role: missing"},
      {R"({"scopes":null})", "body.role: missing"},
      {R"({"role":"root"})", "body.role: enum"},
      {R"({"role":5})", "body.role: string_type"},
      {R"({"scopes":"read"})", "body.scopes: list_type"},
      {R"({"scopes":["read","all"]})", "body.scopes[1]: enum"},
      {R"({"scopes":[]})", "body.scopes: too_short"},
      {R"({"role":"viewer","scopes":["read"]})", "body.scopes: value_error"},
      {R"({"role":"viewer","account_ids":[]})", "body.account_ids: too_short"},
      {R"({"role":"viewer","account_ids":["a b"]})",
       "body.account_ids[0]: string_pattern_mismatch"},
      {R"({"role":"viewer","account_ids":["*","a"]})", "body.account_ids: value_error"},
      {R"({"role":"viewer","expires_in_days":0})", "body.expires_in_days: greater_than_equal"},
      {R"({"role":"viewer","expires_in_days":1.5})", "body.expires_in_days: int_from_float"},
      {R"({"role":"viewer","rate_limit":-1})", "body.rate_limit: greater_than_equal"},
      {R"({"role":"viewer","rate_limit":100000001})", "body.rate_limit: less_than_equal"},
      {R"({"role":"viewer","rate_limit":"5"})", "body.rate_limit: int_type"},
      {R"({"role":"viewer","allowed_origins":[]})", "body.allowed_origins: too_short"},
      {R"({"role":"viewer","allowed_origins":"*"})", "body.allowed_origins: list_type"},
      {R"({"role":"viewer","allowed_origins":["https://a","*"]})",
       "body.allowed_origins[1]: value_error"},
      {R"({"role":"viewer","allowed_origins":["https://a/"]})",
       "body.allowed_origins[0]: value_error"},
      {R"({"role":"viewer","token":"short"})", "body.token: string_too_short"},
      {R"({"role":"viewer","token":"with a space 0123456789 abc"})", "body.token: value_error"},
      {R"({"role":"viewer","token":"\u00e4bcdefghijklmnopqrstuvwxyz"})", "body.token: value_error"},
      {R"({"role":"viewer","extra":1})", "body.extra: extra_forbidden"},
      {R"([])", "body: dict_type"},
  };
  for (const auto& [json, expected] : cases)
    BOOST_TEST(first_fault(json) == expected, json << " gives " << first_fault(json));
}

BOOST_AUTO_TEST_CASE(secrets_of_the_callers_own_are_visible_ascii_of_24_to_512) {
  BOOST_TEST(!is_own_secret(std::string(23, 'x')));
  BOOST_TEST(is_own_secret(std::string(24, '!')));
  BOOST_TEST(is_own_secret(std::string(512, '~')));
  BOOST_TEST(!is_own_secret(std::string(513, 'x')));
  BOOST_TEST(!is_own_secret(std::string(24, ' ')));
  BOOST_TEST(!is_own_secret(std::string(24, '\x7F')));
}

BOOST_AUTO_TEST_CASE(a_generated_secret_is_base62_and_holds_every_random_bit) {
  std::array<std::uint8_t, 32> random{};
  BOOST_TEST(make_secret(random) == "hw_" + std::string(43, '0'));
  std::set<std::string> seen;
  for (std::size_t bit = 0; bit < 256; ++bit) {
    random = {};
    random[bit / 8] = static_cast<std::uint8_t>(1U << (bit % 8));
    const auto secret = make_secret(random);
    BOOST_REQUIRE(secret.size() == 46U);
    BOOST_REQUIRE(is_own_secret(secret));
    seen.insert(secret);
  }
  BOOST_TEST(seen.size() == 256U);
  random.fill(0xFF);
  BOOST_TEST(make_secret(random).find_first_not_of(
                 "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 3) ==
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_token_is_shown_without_its_secret) {
  auto one = token(role::viewer, only({"acme"}));
  one.name = "tag";
  one.created_at = 1'736'071'200'000'000;
  one.expires_at = one.created_at + 1'000'000;
  json_writer out;
  write_resource(out, show(one, one.created_at), "");
  BOOST_TEST(
      out.view() ==
      R"({"id":1,"name":"tag","role":"viewer","scopes":["resolve","read"],)"
      R"("account_ids":["acme"],"rate_limit":null,"allowed_origins":null,"is_active":true,"expires_at":"2025-01-05T10:00:01Z",)"
      R"("created_at":"2025-01-05T10:00:00Z","revoked_at":null,"last_used_at":null})");
  BOOST_TEST(!show(one, *one.expires_at).is_active);
  one.revoked_at = 5;
  BOOST_TEST(!show(one, 0).is_active);
}

BOOST_AUTO_TEST_CASE(revoked_and_expired_tokens_are_told_apart) {
  auto one = token(role::viewer, everywhere);
  BOOST_TEST(check_usable(one, 100).has_value());
  one.expires_at = 100;
  BOOST_TEST(check_usable(one, 99).has_value());
  BOOST_TEST(message_of(check_usable(one, 100)) == "API key has expired");
  one.revoked_at = 50;
  BOOST_TEST(message_of(check_usable(one, 99)) == "Invalid API key");
  BOOST_TEST((check_usable(one, 99).error().code == errc::unauthorized));
}

BOOST_AUTO_TEST_CASE(a_missing_scope_is_named) {
  const auto viewer = token(role::viewer, everywhere);
  BOOST_TEST(check_scope(viewer, scope::read).has_value());
  BOOST_TEST(message_of(check_scope(viewer, scope::write)) == "Required scope: write");
  BOOST_TEST(!has_scope(token(role::tracker, everywhere), scope::read));
}

BOOST_AUTO_TEST_CASE(an_unknown_account_is_told_only_to_who_may_see_all) {
  const auto bound = token(role::editor, only({"acme", "gone"}));
  BOOST_TEST(check_account(bound, "acme", true).has_value());
  const auto foreign = message_of(check_account(bound, "other", true));
  BOOST_TEST(foreign == "Access denied to account: other");
  BOOST_TEST(message_of(check_account(bound, "other", false)) == foreign);
  BOOST_TEST((check_account(bound, "gone", false).error().code == errc::forbidden));
  BOOST_TEST((check_account(bound, "Acme", true).error().code == errc::forbidden));
  const auto all = token(role::viewer, everywhere);
  BOOST_TEST(check_account(all, "other", true).has_value());
  BOOST_TEST((check_account(all, "other", false).error().code == errc::account_not_found));
}

BOOST_AUTO_TEST_CASE(tokens_reach_only_tokens_within_their_own_accounts) {
  const auto all = token(role::admin, everywhere);
  const auto two = token(role::admin, only({"a", "b"}));
  const auto one = token(role::admin, only({"a"}));
  BOOST_TEST(may_see_token(all, all));
  BOOST_TEST(may_see_token(all, two));
  BOOST_TEST(may_see_token(two, one));
  BOOST_TEST(!may_see_token(one, two));
  BOOST_TEST(!may_see_token(two, all));
  BOOST_TEST(is_service_admin(all));
  BOOST_TEST(!is_service_admin(two));
  BOOST_TEST(!is_service_admin(token(role::editor, everywhere)));
}

BOOST_AUTO_TEST_CASE(only_tokens_of_all_accounts_are_shown_as_the_operators) {
  auto all = token(role::admin, everywhere);
  all.name = "boss";
  BOOST_TEST(name_shown(all, true) == "boss");
  BOOST_TEST(name_shown(all, false) == "operator");
  auto one = token(role::admin, only({"a"}));
  one.name = "tag manager";
  BOOST_TEST(name_shown(one, false) == "tag manager");
  one.name = "Operator "; // from before such names were refused
  one.id = 7;
  BOOST_TEST(name_shown(one, false) == "Operator  (token 7)");
  BOOST_TEST(name_shown(one, true) == "Operator  (token 7)");
  BOOST_TEST(!reads_as_operator("operators"));
  for (const auto* taken :
       {"\xd0\xbeperat\xd0\xber",
        "oper\xe2\x80\x8b"
        "ator",
        "\xe2\x80\xaerotarepo", "0perat0r", "operator\xe2\x81\xa0", "\xc2\xa0Operator",
        "Operat\xc3\xb6r", "ｏｐｅｒａｔｏｒ", "ＯＰＥＲＡＴＯＲ", "𝗈𝗉𝖾𝗋𝖺𝗍𝗈𝗋", "𝐎𝐩𝐞𝐫𝐚𝐭𝐨𝐫",
        "ⓞⓟⓔⓡⓐⓣⓞⓡ", "орегаtог", "ОРЕRАТОR", "ᴏᴘᴇʀᴀᴛᴏʀ"})
    BOOST_TEST(reads_as_operator(taken), taken);
  for (const auto* free :
       {"operator of acme", "rotarepo\xc3\xa9s",
        "\xe3\x83\x9e\xe3\x83\xbc\xe3\x82"
        "\xb1\xe3\x83\x86\xe3\x82\xa3\xe3\x83\xb3\xe3\x82\xb0",
        "opera", "", "менеджер", "оператор", "διαχειριστής", "ＭＡＲＫＥＴＩＮＧ"})
    BOOST_TEST(!reads_as_operator(free), free);
}

BOOST_AUTO_TEST_CASE(a_token_grants_no_more_than_it_has) {
  const auto two = token(role::admin, only({"a", "b"}));
  BOOST_TEST(check_grant(two, scopes_of(role::admin), only({"b"})).has_value());
  BOOST_TEST(message_of(check_grant(two, scopes_of(role::viewer), only({"b", "c"}))) ==
             "Access denied to account: c");
  BOOST_TEST(message_of(check_grant(two, scopes_of(role::viewer), everywhere)) ==
             "Access denied to account: *");
  auto narrow = two;
  narrow.scopes = {scope::admin};
  BOOST_TEST(message_of(check_grant(narrow, scopes_of(role::editor), only({"a"}))) ==
             "Required scope: resolve");
}

BOOST_AUTO_TEST_CASE(a_token_gives_no_higher_limit_than_it_has) {
  constexpr std::int64_t by_default = 60;
  auto creator = token(role::admin, only({"a"}));
  const auto given = [&](role to, std::optional<std::int64_t> wanted) {
    const auto out = check_rate(creator, scopes_of(to), wanted, by_default);
    return out ? out->value_or(-1) : -2;
  };
  BOOST_TEST(given(role::viewer, {}) == -1);
  BOOST_TEST(given(role::viewer, 60) == 60);
  BOOST_TEST(given(role::viewer, 61) == -2);
  BOOST_TEST(given(role::viewer, 0) == -2);
  // Visits have no limit by default.
  BOOST_TEST(given(role::tracker, 0) == 0);
  BOOST_TEST(given(role::tracker, 61) == 61);
  creator.rate_limit = 5;
  BOOST_TEST(given(role::viewer, {}) == 5);
  BOOST_TEST(given(role::tracker, {}) == 5);
  BOOST_TEST(given(role::tracker, 6) == -2);
  creator.rate_limit = 0;
  BOOST_TEST(given(role::viewer, 0) == 0);
  creator = token(role::admin, everywhere);
  BOOST_TEST(given(role::viewer, 0) == 0);
  BOOST_TEST(given(role::viewer, {}) == -1);
}

BOOST_AUTO_TEST_SUITE_END()
