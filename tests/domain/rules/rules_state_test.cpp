// States of an account's rules as text and back: what a kept state is made of.

#include "account.hpp"
#include "random_commands.hpp"
#include "tests/domain/core/random_source.hpp"

#include <iostream>

using namespace headwater;
using namespace headwater::attribution;
using test::account;
using test::command_source;

namespace {

account_rules read_back(const account_rules& rules) {
  auto out = account_rules::from_canonical(rules.canonical());
  BOOST_REQUIRE_MESSAGE(out, out.error().message);
  return std::move(*out);
}

account_rules few_rules() {
  account one;
  BOOST_REQUIRE(one.add_mapping(
      R"({"referrer_pattern":"^a+\\.example$","match_type":"regex","utm_source":"ä\"","label":"x"})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"b.example","utm_source":"b"})"));
  BOOST_REQUIRE(one.add_passthrough(R"({"domain":"pay.example","utm_source":"p"})"));
  BOOST_REQUIRE(one.run(delete_referrer_mapping{2, {}}));
  return one.rules();
}

} // namespace

BOOST_AUTO_TEST_SUITE(rules_states)

BOOST_AUTO_TEST_CASE(a_state_that_was_read_back_goes_on_as_the_original) {
  const auto seed = test::setting("HEADWATER_SEED", std::random_device{}());
  const auto histories = test::setting("HEADWATER_HISTORIES", 300);
  std::cout << "HEADWATER_SEED=" << seed << std::endl;
  std::size_t events = 0;
  for (std::uint64_t history = 0; history < histories; ++history) {
    BOOST_TEST_CONTEXT("HEADWATER_SEED=" << seed << ", history " << history) {
      command_source source(seed + history);
      account_rules live;
      account_rules restored;
      for (auto commands = 5 + source.below(40); commands > 0; --commands) {
        const auto command = source.next();
        const auto decided = decide(live, command, {.max_per_kind = 8});
        const auto again = decide(restored, command, {.max_per_kind = 8});
        BOOST_REQUIRE(decided.has_value() == again.has_value());
        if (!decided || !decided->event)
          continue;
        const event_meta meta{live.version() + 1, static_cast<micros>(live.version() * 7)};
        BOOST_REQUIRE(encode(*decided->event) == encode(*again->event));
        BOOST_REQUIRE(live.apply(*decided->event, meta));
        BOOST_REQUIRE(restored.apply(*again->event, meta));
        BOOST_REQUIRE_EQUAL(live.canonical(), restored.canonical());
        if (source.below(3) == 0)
          restored = read_back(restored);
        ++events;
      }
    }
  }
  BOOST_TEST(events >= histories); // the commands are not all refused
}

BOOST_AUTO_TEST_CASE(an_id_that_was_deleted_is_not_given_again) {
  const auto rules = read_back(few_rules());
  BOOST_TEST(rules.referrer_mappings().next_id() == 3);
  BOOST_TEST(rules.total() == 2u);
}

BOOST_AUTO_TEST_CASE(a_regex_is_compiled_for_the_rules_that_were_read_back) {
  const auto rules = read_back(few_rules());
  BOOST_TEST(rules.referrer_mappings().find(1)->compiled.regex != nullptr);
}

BOOST_AUTO_TEST_CASE(a_state_that_is_cut_short_is_refused_at_every_length) {
  const auto text = few_rules().canonical();
  for (std::size_t length = 0; length < text.size(); ++length)
    BOOST_TEST(!account_rules::from_canonical(text.substr(0, length)), "length " << length);
  BOOST_TEST(!account_rules::from_canonical(text + " "));
}

BOOST_AUTO_TEST_CASE(a_state_with_another_byte_is_refused_or_reads_as_what_it_says) {
  const auto text = few_rules().canonical();
  for (std::size_t at = 0; at < text.size(); ++at)
    for (const char byte : {'\0', ' ', '"', '0', '9', 'a', '}'}) {
      auto changed = text;
      changed[at] = byte;
      const auto rules = account_rules::from_canonical(changed);
      BOOST_TEST((!rules || rules->canonical() == changed), "byte " << at << " as " << byte);
    }
}

BOOST_AUTO_TEST_CASE(an_id_beyond_the_next_one_is_refused) {
  auto text = few_rules().canonical();
  const std::string next = R"("next_referrer_mapping_id":3)";
  text.replace(text.find(next), next.size(), R"("next_referrer_mapping_id":1)");
  BOOST_TEST(!account_rules::from_canonical(text));
}

BOOST_AUTO_TEST_CASE(a_state_has_settings_only_once_an_event_has_changed_them) {
  account one;
  BOOST_TEST(one.rules().canonical() ==
             R"({"next_passthrough_referrer_id":1,"next_referrer_mapping_id":1,)"
             R"("passthrough_referrers":[],"referrer_mappings":[],"version":0})");
  one.patch_settings(R"({"currency":"EUR"})").value();
  const auto text = one.rules().canonical();
  BOOST_TEST(
      text.starts_with(R"({"attribution":{"revision":1,"settings":{"ai_medium":"ai-assistant",)"),
      text);
  const auto read = read_back(one.rules());
  BOOST_TEST((read.settings() == one.rules().settings()));
  BOOST_TEST(read.canonical() == text);
  // Back to the defaults, but not to the entity tag from before.
  one.patch_settings(R"({"currency":null})").value();
  BOOST_TEST(one.rules().canonical().starts_with(R"({"attribution":{"revision":2,)"));
  BOOST_TEST(read_back(one.rules()).settings_revision() == 2u);
}

BOOST_AUTO_TEST_CASE(a_state_whose_settings_are_damaged_is_refused) {
  account one;
  one.patch_settings(R"({"own_domains":["a.example"]})").value();
  const auto text = one.rules().canonical();
  for (std::size_t length = 0; length < text.size(); ++length)
    BOOST_TEST(account_rules::from_canonical(text.substr(0, length)).has_error());
  for (const auto& [piece, instead] : {std::pair{R"("revision":1)", R"("revision":0)"},
                                       {R"("drop_spam":true)", R"("drop_spam": true)"},
                                       {R"("drop_spam":true)", R"("drop_spam":1)"},
                                       {R"("drop_spam":true,)", ""},
                                       {R"("timezone":"UTC")", R"("timezone":"\u0055TC")"}}) {
    auto damaged = text;
    const auto at = damaged.find(piece);
    BOOST_REQUIRE(at != damaged.npos);
    damaged.replace(at, std::string_view(piece).size(), instead);
    BOOST_TEST(account_rules::from_canonical(damaged).has_error(), damaged);
  }
}

BOOST_AUTO_TEST_SUITE_END()
