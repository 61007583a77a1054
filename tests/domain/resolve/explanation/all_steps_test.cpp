#include "domain/rules/commands/what_if.hpp"
#include "tests/domain/resolve/cascade/resolving.hpp"
#include "tests/domain/resolve/recorded_visits.hpp"

#include <random>

using namespace headwater;
using namespace headwater::attribution;

namespace {

std::string explanation_as_json(const std::vector<step_explanation>& steps) {
  json_writer out;
  write(out, steps);
  return std::move(out).str();
}

std::string rendered_result(const attribution_result& what, bool explained = false) {
  json_writer out;
  render(out, what, explained);
  return std::move(out).str();
}

class no_platforms final : public ai_platforms {
public:
  std::optional<std::string_view> platform_of(std::string_view) const override { return {}; }
  std::optional<std::string_view> platform_of_source(std::string_view) const override { return {}; }
  std::optional<std::string_view> entry_of(std::string_view) const override { return {}; }
  std::string_view list_date() const override { return {}; }
};

/// What is true of a visit, so that it can be sent again without some of it.
struct facts {
  std::string page = "www.acme.com";
  std::string path = "/";
  std::optional<std::string> referrer;
  std::string tags;
  std::string click;
  std::string facebook;
  std::optional<utm_values> session;

  [[nodiscard]] visit as_visit() const {
    std::string query;
    for (const auto* each : {&tags, &click, &facebook})
      if (!each->empty())
        query += (query.empty() ? "?" : "&") + *each;
    return {"https://" + page + path + query, referrer, session};
  }
};

struct all_steps_fixture : test::resolving_fixture {
  all_steps_fixture() {
    BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"^(a+)+[bc]$","match_type":"regex",
        "utm_source":"costly","priority":3})"));
    BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"mail.","match_type":"contains",
        "utm_source":"mails"})"));
    BOOST_REQUIRE(one.patch_settings(
        R"({"own_domains":["acme-careers.example"],"return_paths":["/thanks"]})"));
  }

  attribution_result all(const visit& of) const {
    auto found = resolve_all_steps(rule_set(one.rules()), platforms, lists, of);
    BOOST_REQUIRE_MESSAGE(found, of.url);
    return std::move(*found);
  }

  attribution_result all(std::string_view json) const { return all(parse_visit(json).value()); }

  facts random_facts(std::mt19937_64& random) const {
    const auto pick = [&](std::initializer_list<std::string_view> from) {
      return std::string(*(from.begin() + random() % from.size()));
    };
    facts out;
    out.path = pick({"/", "/thanks", "/thanks/42", "/rooms"});
    if (random() % 6 != 0)
      out.referrer = pick({"https://m.acme.com/", "https://jobs.acme-careers.example/",
                           "https://booking.mirai.com/pay", "https://partner-site.com/x",
                           "https://chatgpt.com/", "https://x.com/i/grok", "https://www.google.de/",
                           "https://mail.google.com/", "https://m.facebook.com/", "https://t.co/a",
                           "https://web.whatsapp.com/", "https://www.other.example/",
                           "android-app://com.example.reader", "null", "https://semalt.com/",
                           "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac.example/"});
    if (random() % 3 == 0)
      out.tags = pick({"utm_source=news&utm_medium=email", "utm_campaign=spring",
                       "utm_source=chatgpt.com", "utm_medium=cpc&utm_term=a+b"});
    if (random() % 4 == 0)
      out.click = pick({"gclid=1", "msclkid=2"});
    if (random() % 4 == 0)
      out.facebook = "fbclid=3";
    if (random() % 2 == 0)
      out.session =
          random() % 3 == 0
              ? utm_values{}
              : utm_values{.source = "s", .medium = "m", .campaign = {}, .term = {}, .content = {}};
    return out;
  }

  /// The visit with everything taken away that steps before this one look for, resolved by rules
  /// without those that they use.
  attribution_result without_steps_before(int number, facts of) const {
    auto rules = one;
    static const no_platforms none;
    if (number > 1)
      of.page = "www.elsewhere.example";
    if (number > 1)
      rules.patch_settings(R"({"own_domains":[]})").value();
    if (number > 2 && number <= 5)
      of.session.reset(); // the passthrough referrers are needed
    if (number > 3)
      of.tags.clear();
    if (number > 4)
      of.click.clear();
    if (number > 5) {
      rules.run(delete_passthrough_referrer{1, {}}).value();
      rules.patch_settings(R"({"return_paths":[]})").value();
    }
    if (number > 6)
      for (const auto id : {1, 2, 3})
        rules.run(delete_referrer_mapping{id, {}}).value();
    if (number > 7)
      of.facebook.clear();
    if (number > 12)
      of.referrer.reset();
    if (number > 13)
      of.session.reset();
    const auto& listed = number > 8 ? static_cast<const ai_platforms&>(none) : platforms;
    auto found = resolve(rule_set(rules.rules()), listed, lists, of.as_visit(), true);
    BOOST_REQUIRE(found);
    return std::move(*found);
  }
};

int deciding_step(const attribution_result& of) {
  return static_cast<int>(of.explanation.size());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(explanations_of_all_steps, all_steps_fixture)

BOOST_AUTO_TEST_CASE(the_answer_and_the_steps_reached_are_those_of_explain_true) {
  const auto recorded = test::recorded_account();
  const rule_set rules(recorded.rules());
  test::visit_recorder visits;
  std::array<int, step_count> decided{};
  for (int i = 0; i < 3'000; ++i) {
    const auto of = visits.next();
    BOOST_TEST_INFO(of.url << " from " << of.referrer.value_or("nowhere"));
    const auto plain = resolve(rules, test::recorded_platforms(), lists, of, false);
    const auto some = resolve(rules, test::recorded_platforms(), lists, of, true);
    auto every = resolve_all_steps(rules, test::recorded_platforms(), lists, of);
    BOOST_REQUIRE(plain.has_error() == every.has_error());
    if (!plain) {
      BOOST_REQUIRE((plain.error() == every.error()));
      continue;
    }
    BOOST_REQUIRE(rendered_result(*every) == rendered_result(*plain));
    BOOST_REQUIRE((every->regex_limit_hits == plain->regex_limit_hits));
    BOOST_REQUIRE(every->has_dropped_spam == plain->has_dropped_spam);
    auto steps = every->explanation;
    BOOST_REQUIRE(steps.size() == static_cast<std::size_t>(step_count));
    for (int number = 1; number <= step_count; ++number) {
      auto& each = steps[static_cast<std::size_t>(number) - 1];
      BOOST_REQUIRE(each.step == number);
      BOOST_REQUIRE(each.reached.value() == (number <= deciding_step(*some)));
      BOOST_REQUIRE(each.applied == (number == deciding_step(*some)));
      BOOST_REQUIRE(!each.reason.empty());
      if (number <= deciding_step(*some))
        BOOST_REQUIRE(static_cast<bool>(each.would_have) == each.applied);
      each.reached.reset();
      each.would_have.reset();
    }
    BOOST_REQUIRE(rendered_result(*every->explanation[some->explanation.size() - 1].would_have) ==
                  rendered_result(*plain));
    steps.resize(some->explanation.size());
    BOOST_REQUIRE(explanation_as_json(steps) == explanation_as_json(some->explanation));
    ++decided[steps.size() - 1];
  }
  BOOST_TEST(std::ranges::count(decided, 0) <= 3);
}

BOOST_AUTO_TEST_CASE(a_step_would_have_said_what_the_cascade_says_without_the_steps_before) {
  const auto seed = static_cast<std::uint64_t>(std::random_device{}());
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937_64 random(seed);
  std::array<int, step_count> would_apply{};
  for (int i = 0; i < 1'500; ++i) {
    const auto of = random_facts(random);
    const auto found = all(of.as_visit());
    for (const auto& each : found.explanation) {
      BOOST_TEST_INFO("seed " << seed << ", visit " << i << ", step " << each.step << ": "
                              << of.as_visit().url << " from " << of.referrer.value_or("nowhere"));
      const auto other = without_steps_before(each.step, of);
      if (each.step == 12 && deciding_step(other) > 8 && deciding_step(other) < 12) {
        // The lists cannot be taken away: what they know would be a referral without them.
        BOOST_REQUIRE((each.would_have && each.would_have->outcome == outcome::referral));
        BOOST_REQUIRE(each.would_have->utm.medium == "referral");
        BOOST_REQUIRE(each.would_have->utm.source == (other.referrer_host->starts_with("www.")
                                                          ? other.referrer_host->substr(4)
                                                          : *other.referrer_host));
        continue;
      }
      BOOST_REQUIRE(static_cast<bool>(each.would_have) ==
                    ((each.applied || !each.reached.value()) && deciding_step(other) == each.step));
      if (!each.would_have)
        continue;
      ++would_apply[static_cast<std::size_t>(each.step) - 1];
      BOOST_REQUIRE((each.would_have->outcome == other.outcome));
      BOOST_REQUIRE((each.would_have->utm == other.utm));
      BOOST_REQUIRE((each.would_have->rule == other.rule));
      if (each.step > 8)
        continue; // the platforms, which name sources as well, were taken away
      BOOST_REQUIRE((each.would_have->channel == other.channel));
      BOOST_REQUIRE((each.would_have->known_name == other.known_name));
      BOOST_REQUIRE((each.would_have->ai_platform == other.ai_platform));
    }
  }
  for (const auto count : would_apply)
    BOOST_TEST(count > 0);
}

BOOST_AUTO_TEST_CASE(what_each_step_would_have_said_is_told_in_words) {
  const auto found = all(R"({"url":"https://www.acme.com/?gclid=1&fbclid=2&utm_source=news",
      "referrer":"https://www.google.de/","session":{"utm_source":"s"}})");
  std::vector<std::string> told;
  for (const auto& each : found.explanation)
    told.push_back(std::to_string(each.step) + " " +
                   (each.would_have ? std::string(to_string(each.would_have->outcome)) + " " +
                                          each.would_have->utm.source
                                    : "no"));
  BOOST_TEST(told == (std::vector<std::string>{
                         "1 no", "2 no", "3 explicit_utm news", "4 click_id google", "5 no", "6 no",
                         "7 no", "8 no", "9 search google", "10 no", "11 no",
                         "12 referral google.de", "13 continued s", "14 direct (direct)"}),
             boost::test_tools::per_element());
  BOOST_TEST(found.explanation[11].reason.starts_with(
      "The visitor came from www.google.de, another site. www.google.de is a search engine"));
  BOOST_TEST(found.explanation[12].reason == "The visit continues its session.");
  BOOST_TEST(found.explanation[13].reason ==
             "A visit that no step before this one decides counts as direct.");
  BOOST_TEST(!found.explanation[13].applied);
  BOOST_TEST(found.explanation[12].would_have->continues_session);
}

BOOST_AUTO_TEST_CASE(a_fallback_is_told_beside_the_session_that_was_kept) {
  const auto found = all(R"({"url":"https://www.acme.com/",
      "referrer":"https://booking.mirai.com/","session":{"utm_source":"s"}})");
  BOOST_TEST(found.explanation[1].applied);
  const auto& fallback = found.explanation[4];
  BOOST_REQUIRE(fallback.would_have);
  BOOST_TEST(fallback.would_have->utm.source == "mirai");
  BOOST_TEST(fallback.reason ==
             "Passthrough referrer 1 covers booking.mirai.com. Without the session the UTM values "
             "of the passthrough referrer would be used.");
}

BOOST_AUTO_TEST_CASE(members_are_added_at_the_end_of_a_step) {
  const auto found = all(R"({"url":"https://www.acme.com/?utm_source=x"})");
  const auto text = explanation_as_json(found.explanation);
  BOOST_TEST(text.find(R"("rules_omitted":0,"reached":true,"would_have":null},{"step":2)") !=
             text.npos);
  BOOST_TEST(text.find(R"("reached":true,"would_have":{"outcome":"explicit_utm")") != text.npos);
  BOOST_TEST(text.find(R"("reached":false,"would_have":{"outcome":"direct")") != text.npos);
  BOOST_TEST(text.ends_with(R"("click_id":null}}])"));
}

BOOST_AUTO_TEST_CASE(costly_expressions_are_counted_once) {
  const auto costly = [&] { return one.mapping(2).compiled.regex->limit_hits(); };
  const visit of{
      "https://www.acme.com/?utm_source=x", "https://" + std::string(60, 'a') + ".ab.example/", {}};
  const auto before = costly();
  const auto found = all(of);
  BOOST_REQUIRE(found.explanation[5].rules.size() == 1U);
  BOOST_TEST((found.explanation[5].rules[0].outcome == trial::gave_up));
  BOOST_TEST(costly() == before);
}

BOOST_AUTO_TEST_CASE(rules_of_a_draft_are_named_by_their_places) {
  rule_draft changes;
  changes.referrer_mappings.add.push_back(
      test::body(R"({"referrer_pattern":"drafted.example","utm_source":"d"})"));
  drafting draft(one.rules(), std::move(changes), false, {});
  while (draft.step()) {
  }
  const auto made = std::move(draft).take();
  const auto found = resolve_all_steps(rule_set(made.rules), platforms, lists,
                                       parse_visit(R"({"url":"https://www.acme.com/?gclid=1",
                            "referrer":"https://drafted.example/"})")
                                           .value(),
                                       &made.marks);
  BOOST_REQUIRE(found);
  const auto& mapping = found->explanation[5];
  BOOST_REQUIRE(
      (mapping.would_have && mapping.would_have->rule && mapping.would_have->rule->draft));
  BOOST_TEST(mapping.would_have->rule->draft->is_new);
  BOOST_TEST(rendered_result(*mapping.would_have).find(R"("id":null,"draft":0)") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_unusable_url_is_refused_as_before) {
  const auto found = resolve_all_steps(rule_set(one.rules()), platforms, lists, visit{"x", {}, {}});
  BOOST_REQUIRE(!found);
  BOOST_TEST((found.error() ==
              resolve(rule_set(one.rules()), platforms, lists, visit{"x", {}, {}}, true).error()));
}

BOOST_AUTO_TEST_SUITE_END()
