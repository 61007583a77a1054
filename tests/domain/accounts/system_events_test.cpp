#include "domain/accounts/directory.hpp"
#include "domain/accounts/system_events.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <map>

using namespace headwater;
using namespace headwater::accounts;

namespace {

constexpr std::string_view types[] = {
    "account_created",        "account_changed",      "api_token_created",
    "api_token_revoked",      "brand_platform_added", "brand_platform_changed",
    "brand_platform_removed", "log_restored",         "account_erased"};

std::string golden(std::string_view type, int schema = 1) {
  const auto path = std::string(HEADWATER_SOURCE_DIR) + "/tests/golden/accounts/" +
                    std::string(type) + "." + std::to_string(schema) + ".json";
  std::ifstream in(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(in, path);
  std::string text(std::istreambuf_iterator<char>(in), {});
  BOOST_REQUIRE(text.ends_with('\n'));
  text.pop_back();
  return text;
}

/// A table that project()'s rows go into.
class table {
public:
  void apply(const system_event& event, const event_meta& meta) {
    for (auto& [key, value] : project(event, meta)) {
      if (value)
        rows_[key] = *value;
      else
        rows_.erase(key);
    }
  }
  std::string operator[](const std::string& key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? "absent" : found->second;
  }

private:
  std::map<std::string, std::string> rows_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(system_events)

BOOST_AUTO_TEST_CASE(a_number_that_not_every_reader_of_json_keeps_is_damage) {
  auto bytes = golden("log_restored");
  const auto at = bytes.rfind("\"position\":") + 11;
  for (const std::string number : {"9007199254740992", "-9007199254740992", "1e400"}) {
    const auto changed = bytes.substr(0, at) + number + "}}";
    BOOST_TEST(decode_system_event("log_restored", 1, changed).has_error(), changed);
  }
  auto list = golden("account_erased");
  const std::string_view brands = "\"brand_ids\":[";
  list.insert(list.find(brands) + brands.size(), "9007199254740992,");
  BOOST_TEST(decode_system_event("account_erased", 1, list).has_error(), list);
}

BOOST_AUTO_TEST_CASE(every_golden_event_is_read_and_written_back_byte_for_byte) {
  std::size_t index = 0;
  for (auto type : types) {
    const auto bytes = golden(type);
    const auto event = decode_system_event(type, 1, bytes);
    BOOST_REQUIRE_MESSAGE(event, type << ": " << (event ? "" : event.error().message));
    BOOST_TEST(event->index() == index++);
    BOOST_TEST((encode(*event) == encoded_event{std::string(type), 1, bytes}), type);
  }
}

BOOST_AUTO_TEST_CASE(events_of_tokens_with_a_limit_of_their_own_are_of_schema_2) {
  for (const std::string type : {"api_token_created", "api_token_revoked"}) {
    const auto bytes = golden(type, 2);
    const auto event = decode_system_event(type, 2, bytes);
    BOOST_REQUIRE(event);
    BOOST_TEST((encode(*event) == encoded_event{type, 2, bytes}), type);
    BOOST_TEST(decode_system_event(type, 1, bytes).has_error());
    BOOST_TEST(decode_system_event(type, 2, golden(type)).has_error());
  }
  const auto made = decode_system_event("api_token_created", 2, golden("api_token_created", 2));
  const auto& token = std::get<api_token_created>(*made).token;
  BOOST_TEST(token.rate_limit.value() == 600);
  BOOST_TEST(token.allowed_origins.value().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_record_keeps_a_tokens_limit_and_one_without_stays_as_it_was) {
  api_token one;
  one.id = 7;
  one.name = R"(quoted "rate_limit":5)";
  one.scopes = scopes_of(role::viewer);
  one.accounts = {true, {}};
  BOOST_TEST((decode_token(encode_record(one)).value() == one));
  BOOST_TEST(encode_record(one).find(R"("rate_limit":)") == std::string::npos);
  for (const std::int64_t limit : {0, 600}) {
    one.rate_limit = limit;
    BOOST_TEST((decode_token(encode_record(one)).value() == one));
  }
  one.allowed_origins = {"https://shop.example"};
  BOOST_TEST((decode_token(encode_record(one)).value() == one));
  one.rate_limit.reset();
  BOOST_TEST((decode_token(encode_record(one)).value() == one));
}

BOOST_AUTO_TEST_CASE(what_no_schema_describes_is_corruption) {
  const auto is_corrupt = [](std::string_view type, int schema, std::string_view payload) {
    const auto event = decode_system_event(type, schema, payload);
    return !event && event.error().code == errc::corrupt_log;
  };
  BOOST_TEST(is_corrupt("account_created", 2, golden("account_created")));
  BOOST_TEST(is_corrupt("account_lost", 1, golden("account_created")));
  BOOST_TEST(is_corrupt("account_created", 1, golden("account_changed")));
  BOOST_TEST(is_corrupt("api_token_created", 1, "{}"));
  auto payload = golden("api_token_created");
  payload.replace(payload.find("9f86"), 2, "zz");
  BOOST_TEST(is_corrupt("api_token_created", 1, payload));
  payload = golden("api_token_created");
  payload.replace(payload.find("\"read\""), 6, "\"fly!\"");
  BOOST_TEST(is_corrupt("api_token_created", 1, payload));
}

BOOST_AUTO_TEST_CASE(accounts_and_brands_are_projected_without_reading) {
  table rows;
  account acme{"acme", "Acme", {1, 2}, 0, 0};
  rows.apply(account_created{acme}, {1, 100});
  BOOST_TEST(rows[account_key("acme")] ==
             R"({"account_id":"acme","brand_ids":[1,2],"created_at":100,"name":"Acme",)"
             R"("updated_at":100})");
  BOOST_TEST(rows[brand_key(1)] == "acme");
  const auto stored = decode_account(rows[account_key("acme")]).value();
  auto changed = stored;
  changed.brand_ids = {2, 3};
  const auto event = change_of(stored, changed);
  BOOST_TEST(event.removed_brand_ids == std::vector<std::int64_t>{1},
             boost::test_tools::per_element());
  rows.apply(event, {2, 200});
  BOOST_TEST((decode_account(rows[account_key("acme")]).value() ==
              account{"acme", "Acme", {2, 3}, 100, 200}));
  BOOST_TEST(rows[brand_key(1)] == "absent");
  BOOST_TEST(rows[brand_key(2)] == "acme");
  BOOST_TEST(rows[brand_key(3)] == "acme");
}

BOOST_AUTO_TEST_CASE(a_token_stays_findable_by_its_hash_when_revoked) {
  table rows;
  api_token one;
  one.id = 7;
  one.name = "n";
  one.scopes = scopes_of(role::viewer);
  one.accounts = {false, {"acme"}};
  one.token_hash = hash_secret("secret");
  rows.apply(api_token_created{one}, {1, 100});
  BOOST_TEST(decode_id(rows[hash_key(hash_secret("secret"))]).value() == 7);
  BOOST_TEST(decode_id(rows[std::string(next_token_key)]).value() == 8);
  auto stored = decode_token(rows[token_key(7)]).value();
  BOOST_TEST(stored.created_at == 100);
  rows.apply(api_token_revoked{stored}, {2, 200});
  stored.revoked_at = 200;
  BOOST_TEST((decode_token(rows[token_key(7)]).value() == stored));
  BOOST_TEST(decode_id(rows[hash_key(one.token_hash)]).value() == 7);
}

BOOST_AUTO_TEST_CASE(a_brands_platform_lives_from_its_addition_to_its_removal) {
  table rows;
  brand_platform entry{7, "ai.example", "House", 0, 0};
  const auto key = platform_key(7, "ai.example");
  rows.apply(brand_platform_added{entry}, {1, 100});
  auto stored = decode_platform(rows[key]).value();
  BOOST_TEST((stored == brand_platform{7, "ai.example", "House", 100, 100}));
  stored.platform = "Home";
  rows.apply(brand_platform_changed{stored}, {2, 200});
  stored = decode_platform(rows[key]).value();
  BOOST_TEST((stored == brand_platform{7, "ai.example", "Home", 100, 200}));
  rows.apply(brand_platform_removed{stored}, {3, 300});
  BOOST_TEST(rows[key] == "absent");
}

BOOST_AUTO_TEST_CASE(a_platforms_key_holds_its_brand_and_no_client_text) {
  const auto key = platform_key(7, "ai.example");
  BOOST_TEST(key.starts_with(platforms_prefix(7)));
  BOOST_TEST(key.size() == 2U + 8U + 32U);
  BOOST_TEST(key.find("example") == key.npos);
  BOOST_TEST(key != platform_key(8, "ai.example"));
}

BOOST_AUTO_TEST_CASE(an_encoded_event_projects_like_the_event_itself) {
  for (auto type : types) {
    const auto event = decode_system_event(type, 1, golden(type)).value();
    const auto bytes = encode(event);
    const auto again = decode_system_event(bytes.type, bytes.schema, bytes.payload).value();
    BOOST_TEST((project(again, {9, 900}) == project(event, {9, 900})), type);
  }
}

BOOST_AUTO_TEST_CASE(number_keys_sort_by_number) {
  BOOST_TEST(token_key(2) < token_key(10));
  BOOST_TEST(token_key(255) < token_key(256));
  BOOST_TEST(brand_key(1) == std::string("b/\0\0\0\0\0\0\0\x01", 10));
  BOOST_TEST(hash_key({}).size() == 34U);
}

BOOST_AUTO_TEST_CASE(a_row_that_holds_no_record_is_corruption) {
  BOOST_TEST((decode_account("{}").error().code == errc::corrupt_log));
  BOOST_TEST((decode_token("x").error().code == errc::corrupt_log));
  BOOST_TEST((decode_platform("{}").error().code == errc::corrupt_log));
  for (std::string_view value : {"", "0", "-1", "7x", " 7"})
    BOOST_TEST((decode_id(value).error().code == errc::corrupt_log), value);
}

BOOST_AUTO_TEST_SUITE_END()
