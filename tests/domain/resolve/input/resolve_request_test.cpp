#include "domain/resolve/input/resolve_request.hpp"
#include "tests/domain/rules/account.hpp"

using namespace headwater;
using namespace headwater::attribution;
using test::faults_of;

namespace {

using names = std::vector<std::string>;

/// "field: type" of each fault.
names faults_in(std::string_view json) {
  const auto read = parse_resolve_request(json);
  BOOST_REQUIRE_MESSAGE(read, json);
  return faults_of(error(errc::validation_error, "", read->all_faults()));
}

std::string first_fault(const result<visit>& read) {
  return read ? "" : faults_of(read.error()).front();
}

std::string first_fault(const result<resolve_request>& read) {
  const auto faults = read ? read->all_faults() : std::vector<fault>{};
  return faults.empty() ? "" : to_string(faults.front().at) + ": " + faults.front().type;
}

resolve_request parsed(std::string_view json, bool strict = false) {
  auto read = parse_resolve_request(json, default_max_visits, strict);
  BOOST_REQUIRE_MESSAGE(read, json);
  return std::move(*read);
}

resolve_request parsed_strictly(std::string_view json) {
  return parsed(json, true);
}

} // namespace

BOOST_AUTO_TEST_SUITE(resolve_requests)

BOOST_AUTO_TEST_CASE(memory_counts_every_visit_and_every_error) {
  const auto batch = [](const std::string& visit) {
    std::string json = R"({"visits":[)" + visit;
    for (int i = 1; i < 100; ++i)
      json += "," + visit;
    return memory_of(parsed(json + "]}"));
  };
  const std::string text(1'000, 'a');
  BOOST_TEST(batch("7") > 100 * (sizeof(result<visit>) + sizeof(fault)));
  BOOST_TEST(batch(R"({"url":")" + text + "\"}") > 100 * (sizeof(result<visit>) + 1'000));
  BOOST_TEST(batch(R"({"url":"","referrer":")" + text + "\"}") > 100'000U);
  BOOST_TEST(batch(R"({"url":"","session":{"utm_term":")" + text + "\"}}") > 100'000U);
}

BOOST_AUTO_TEST_CASE(one_visit_and_a_batch_are_told_apart) {
  const auto single = parse_resolve_request(R"({"url":"u","x":1})");
  BOOST_REQUIRE(single);
  BOOST_TEST(!single->is_batch);
  BOOST_REQUIRE(single->visits.size() == 1U);
  BOOST_TEST(single->visits[0]->url == "u");
  BOOST_TEST(single->ignored_fields == std::vector<std::string>{"x"},
             boost::test_tools::per_element());
  const auto none = parse_resolve_request(R"({"visits":[]})");
  BOOST_REQUIRE(none);
  BOOST_TEST((none->is_batch && none->visits.empty()));
  const auto many = parse_resolve_request(R"({"y":[{"url":"no"}],"visits":[{"url":"a"},{"url":"b",
      "session":{}}],"url":5})");
  BOOST_REQUIRE(many);
  BOOST_REQUIRE(many->visits.size() == 2U);
  BOOST_TEST(many->visits[1]->url == "b");
  BOOST_TEST(many->visits[1]->session.has_value());
  BOOST_TEST(many->ignored_fields == (names{"url", "y"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(members_of_visits_that_nobody_reads_are_named_once) {
  constexpr auto text = R"({"visits":[{"url":"a"},{"url":"b","referer":"r","session":{"source":1}},
      {"url":"c","session":{"source":2,"term":[3]}},{"referer":"r","draft":{"x":1}},7],
      "session":{"source":"s"},"compare":null})";
  const auto read = parsed(text);
  BOOST_TEST(read.ignored_fields ==
                 (names{"session", "visits[1].referer", "visits[1].session.source",
                        "visits[2].session.term", "visits[3].draft"}),
             boost::test_tools::per_element());
  BOOST_TEST(read.all_faults().empty());
  const auto strict = parsed_strictly(text);
  BOOST_TEST(strict.ignored_fields.empty());
  BOOST_TEST(faults_of(error(errc::validation_error, "", strict.all_faults())) ==
                 names{"body.session: extra_forbidden"},
             boost::test_tools::per_element());
  names found;
  for (const auto& each : strict.visits)
    found.push_back(each ? each->url : faults_of(each.error()).front());
  BOOST_TEST(
      found == (names{"a", "body.referer: extra_forbidden", "body.session.source: extra_forbidden",
                      "body.url: missing", "body: dict_type"}),
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(members_of_the_only_visit_that_nobody_reads_are_named) {
  constexpr auto text = R"({"url":"u","referer":"r","session":{"source":"s"}})";
  BOOST_TEST(parsed(text).ignored_fields == (names{"referer", "session.source"}),
             boost::test_tools::per_element());
  BOOST_TEST(faults_of(error(errc::validation_error, "", parsed_strictly(text).all_faults())) ==
                 (names{"body.referer: extra_forbidden", "body.session.source: extra_forbidden"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_batch_names_a_hundred_and_keeps_one_fault_of_a_visit) {
  std::string json = R"({"visits":[)";
  for (int i = 0; i < 100; ++i) {
    json += (i > 0 ? "," : "") + std::string(R"({"url":"u")");
    for (int k = 0; k < 30; ++k)
      json += ",\"" + std::to_string(i * 30 + k) + "\":1";
    json += "}";
  }
  json += "]}";
  const auto read = parsed(json);
  BOOST_REQUIRE(read.ignored_fields.size() == max_told_faults);
  BOOST_TEST(
      (read.ignored_fields[0] == "visits[0].0" && read.ignored_fields[99] == "visits[3].99"));
  const auto strict = parsed_strictly(json);
  BOOST_TEST(strict.ignored_fields.empty());
  for (const auto& each : strict.visits)
    BOOST_TEST((each.has_error() && each.error().faults.size() == 1U));
}

BOOST_AUTO_TEST_CASE(a_request_tells_a_hundred_faults) {
  std::string many;
  for (int i = 0; i < 300; ++i)
    many += ",\"a" + std::to_string(i) + "\":1";
  BOOST_TEST(parsed_strictly(R"({"url":"u")" + many + R"(,"draft":{"x":1)" + many + "}}")
                 .all_faults()
                 .size() == max_told_faults);
  const auto draft = parsed(R"({"url":"u","draft":{"x":1)" + many + "}}").draft;
  BOOST_TEST(draft->ignored_fields.size() == max_told_faults);
  const auto key = std::string(1000, 'k');
  BOOST_TEST(parsed(R"({"url":"u","draft":{")" + key + R"(":1}})").draft->ignored_fields ==
                 names{"draft." + std::string(128, 'k') + "..."},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_bad_visit_of_a_batch_is_an_error_in_its_place) {
  const auto read = parse_resolve_request(R"({"visits":[{"url":"a"},5,null,[{"url":"x"}],"s",{},
      {"url":"b","k":1e400},{"url":"c","url":"c"},1e400,{"url":"d"}]})");
  BOOST_REQUIRE(read);
  std::vector<std::string> found;
  for (const auto& each : read->visits)
    found.push_back(each ? each->url : faults_of(each.error()).front());
  BOOST_TEST(found == (std::vector<std::string>{"a", "body: dict_type", "body: dict_type",
                                                "body: dict_type", "body: dict_type",
                                                "body.url: missing", "body.k: value_error",
                                                "body.url: value_error", "body: dict_type", "d"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(faults_of_the_batch_itself_fail_it) {
  BOOST_TEST(first_fault(parse_resolve_request(R"({"visits":5})")) == "body.visits: list_type");
  BOOST_TEST(first_fault(parse_resolve_request(R"({"visits":null})")) == "body.visits: list_type");
  BOOST_TEST(first_fault(parse_resolve_request(R"({"visits":{"url":"u"}})")) ==
             "body.visits: list_type");
  BOOST_TEST(first_fault(parse_resolve_request(R"({"visits":[],"visits":[]})")) ==
             "body.visits: value_error");
  BOOST_TEST(first_fault(parse_resolve_request(R"({"visits":[],"x":1e400})")) ==
             "body.x: value_error");
  const auto array = parse_resolve_request(R"([{"url":"u"}])");
  BOOST_REQUIRE(array); // one visit, which is none
  BOOST_TEST(first_fault(array->visits.at(0)) == "body: dict_type");
  BOOST_TEST((parse_resolve_request("{").error().code == errc::bad_request));
}

BOOST_AUTO_TEST_CASE(ten_thousand_visits_are_a_batch_and_one_more_is_too_large) {
  const auto body = [](std::size_t count) {
    std::string json = R"({"visits":[)";
    for (std::size_t i = 0; i < count; ++i)
      json += (i > 0 ? "," : "") + std::string(R"({"url":"u"})");
    return json + "]}";
  };
  BOOST_TEST(parse_resolve_request(body(default_max_visits))->visits.size() == default_max_visits);
  const auto over = parse_resolve_request(body(default_max_visits + 1));
  BOOST_TEST((!over && over.error().code == errc::payload_too_large));
}

BOOST_AUTO_TEST_CASE(a_draft_and_compare_stand_beside_one_visit_or_many) {
  const auto single = parsed(R"({"url":"u","compare":true,"draft":{"referrer_mappings":{
      "add":[{"referrer_pattern":"a.com","utm_source":"a"}],"change":[{"id":7,"priority":1}],
      "remove":[3,4]}},"other":1})");
  BOOST_TEST((!single.is_batch && single.compare && single.is_what_if));
  BOOST_REQUIRE(single.draft);
  const auto& mappings = single.draft->referrer_mappings;
  BOOST_REQUIRE((mappings.add.size() == 1U && mappings.change.size() == 1U));
  BOOST_TEST(std::get<std::string>(*mappings.add[0].find("utm_source")) == "a");
  BOOST_TEST(std::get<std::int64_t>(*mappings.change[0].find("id")) == 7);
  BOOST_TEST((mappings.remove == std::vector<json_item>{std::int64_t{3}, std::int64_t{4}}));
  BOOST_TEST(single.draft->passthrough_referrers.add.empty());
  BOOST_TEST(single.ignored_fields == names{"other"}, boost::test_tools::per_element());
  BOOST_TEST(single.visits.front()->url == "u");
  const auto batch = parsed(R"({"draft":{"passthrough_referrers":{"add":[{}]}},
      "visits":[{"url":"a"},{"url":"b","draft":5}]})");
  BOOST_TEST((batch.is_batch && batch.visits.size() == 2U && !batch.compare && batch.is_what_if));
  BOOST_TEST(batch.draft->passthrough_referrers.add.size() == 1U);
}

BOOST_AUTO_TEST_CASE(null_stands_for_an_absent_part) {
  const auto none = parsed(R"({"url":"u","draft":null,"compare":null})");
  BOOST_TEST((!none.draft && !none.compare && !none.is_what_if));
  const auto parts = parsed(R"({"url":"u","draft":{"referrer_mappings":null,
      "passthrough_referrers":{"add":null,"change":null,"remove":null}}})");
  BOOST_TEST((parts.draft && parts.all_faults().empty()));
  BOOST_TEST(parsed(R"({"url":"u","draft":{}})").is_what_if);
  BOOST_TEST(parsed(R"({"url":"u","compare":false})").is_what_if);
}

BOOST_AUTO_TEST_CASE(a_draft_has_settings_as_a_patch_of_them_has) {
  const auto both = parsed(R"({"url":"u","draft":{"attribution":{"own_domains":["a","b"],
      "currency":null,"deep":[[1]]},"referrer_mappings":{"remove":[7]}}})");
  BOOST_REQUIRE((both.draft && both.draft->attribution && both.draft->faults.empty()));
  const draft expected{{{"own_domains", json_list{{std::string("a"), std::string("b")}}},
                        {"currency", json_null{}},
                        {"deep", json_list{{json_nested{}}}}},
                       {}};
  BOOST_TEST((*both.draft->attribution == expected));
  BOOST_TEST((both.draft->referrer_mappings.remove == std::vector<json_item>{std::int64_t{7}}));
  const auto none =
      parsed(R"({"url":"u","draft":{"attribution":null,"referrer_mappings":{"remove":[7]}}})");
  BOOST_TEST((none.draft && !none.draft->attribution));
  BOOST_TEST(none.draft->referrer_mappings.remove.size() == 1U);
  const auto empty =
      parsed(R"({"url":"u","draft":{"referrer_mappings":{"add":[{}]},"attribution":{}}})");
  BOOST_TEST((empty.draft->attribution == draft{}));
  BOOST_TEST(empty.draft->referrer_mappings.add.size() == 1U);
  const auto twice =
      parsed(R"({"url":"u","draft":{"attribution":{"x":1},"attribution":{"y":[{}]},"z":2}})");
  BOOST_TEST(twice.draft->attribution->members.front().name == "x");
  BOOST_TEST(to_string(twice.draft->faults.front().at) == "body.draft.attribution");
  BOOST_TEST(twice.draft->ignored_fields == names{"draft.z"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_a_long_list_in_a_draft_only_the_beginning_is_held) {
  std::string many = R"("a")";
  for (int i = 0; i < 40'000; ++i)
    many += R"(,"a")";
  const auto found =
      parsed(R"({"url":"u","draft":{"attribution":{"own_domains":[)" + many +
             R"(],"ai_medium":"x"},"referrer_mappings":{"add":[{"label":[)" + many + "]}]}}}");
  const auto held = [](const draft& of, std::string_view name) {
    return std::get<json_list>(*of.find(name)).items.size();
  };
  BOOST_TEST(held(*found.draft->attribution, "own_domains") == 101u);
  BOOST_TEST(held(found.draft->referrer_mappings.add.front(), "label") == 101u);
  BOOST_TEST((*found.draft->attribution->find("ai_medium") == json_value(std::string("x"))));
}

BOOST_AUTO_TEST_CASE(a_draft_of_another_shape_names_each_fault) {
  const std::pair<std::string_view, names> cases[] = {
      {R"({"url":"u","draft":5})", {"body.draft: dict_type"}},
      {R"({"url":"u","draft":[{"referrer_mappings":{"add":5}}]})", {"body.draft: dict_type"}},
      {R"({"url":"u","draft":{"referrer_mappings":[{"add":5}],"passthrough_referrers":7}})",
       {"body.draft.referrer_mappings: dict_type", "body.draft.passthrough_referrers: dict_type"}},
      {R"({"url":"u","draft":{"referrer_mappings":{"add":{"add":[1]},"change":"x","remove":7}}})",
       {"body.draft.referrer_mappings.add: list_type",
        "body.draft.referrer_mappings.change: list_type",
        "body.draft.referrer_mappings.remove: list_type"}},
      {R"({"url":"u","draft":{"referrer_mappings":{"add":[],"add":[]},"referrer_mappings":{}}})",
       {"body.draft.referrer_mappings.add: value_error",
        "body.draft.referrer_mappings: value_error"}},
      {R"({"url":"u","draft":{"x":1e400,"referrer_mappings":{"remove":[1,1e400]}}})",
       {"body.draft.x: value_error", "body.draft.referrer_mappings.remove[1]: value_error"}},
      {R"({"url":"u","draft":{},"draft":{}})", {"body.draft: value_error"}},
      {R"({"url":"u","draft":{},"compare":true,"compare":true})", {"body.compare: value_error"}},
      {R"({"url":"u","compare":true})", {"body.compare: value_error"}},
      {R"({"url":"u","compare":true,"draft":null})", {"body.compare: value_error"}},
      {R"({"url":"u","compare":"yes"})", {"body.compare: bool_type"}},
      {R"({"compare":{"a":[true]},"draft":5})",
       {"body.url: missing", "body.compare: bool_type", "body.draft: dict_type"}},
      {R"({"visits":7,"draft":5})", {"body.visits: list_type", "body.draft: dict_type"}},
  };
  for (const auto& [json, expected] : cases)
    BOOST_TEST(faults_in(json) == expected, json << boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(faults_within_a_drafted_rule_stay_with_it) {
  const auto read = parsed(R"({"url":"u","draft":{"referrer_mappings":{"add":[5,null,[],
      {"a":1,"a":2},{"priority":1e400},{"x":{"remove":[1]}}],"remove":[[1,{"k":2}],true,1e30]}}})");
  BOOST_TEST(read.all_faults().empty());
  const auto& add = read.draft->referrer_mappings.add;
  BOOST_REQUIRE(add.size() == 6U);
  for (std::size_t i = 0; i < 3; ++i)
    BOOST_TEST(to_string(add[i].faults.front().at) == "body");
  BOOST_TEST(to_string(add[3].faults.front().at) == "body.a");
  BOOST_TEST(to_string(add[4].faults.front().at) == "body.priority");
  BOOST_TEST(add[5].faults.empty());
  BOOST_TEST((read.draft->referrer_mappings.remove ==
              std::vector<json_item>{json_nested{}, true, json_number{"1e30"}}));
}

BOOST_AUTO_TEST_CASE(unknown_fields_of_a_draft_are_ignored_or_refused) {
  constexpr auto text = R"({"url":"u","b":{"draft":{}},"draft":{
      "note":{"referrer_mappings":{"add":5}},
      "referrer_mappings":{"replace":[5,{"add":1}],"add":[]}}})";
  auto read = parsed(text);
  BOOST_TEST(read.ignored_fields == names{"b"}, boost::test_tools::per_element());
  BOOST_TEST(read.draft->ignored_fields == (names{"draft.note", "draft.referrer_mappings.replace"}),
             boost::test_tools::per_element());
  BOOST_TEST(read.all_faults().empty());
  read = parsed_strictly(text);
  BOOST_TEST(faults_of(error(errc::validation_error, "", read.all_faults())) ==
                 (names{"body.b: extra_forbidden", "body.draft.note: extra_forbidden",
                        "body.draft.referrer_mappings.replace: extra_forbidden"}),
             boost::test_tools::per_element());
  BOOST_TEST((read.ignored_fields.empty() && read.draft->ignored_fields.empty()));
}

BOOST_AUTO_TEST_CASE(a_thousand_changes_are_a_draft_and_one_more_is_too_many) {
  const auto body = [](int additions) {
    std::string json = R"({"url":"u","draft":{"passthrough_referrers":{"remove":[)";
    for (int i = 0; i < 500; ++i)
      json += (i > 0 ? "," : "") + std::to_string(i);
    json += R"(]},"referrer_mappings":{"change":[)";
    for (int i = 0; i < additions; ++i)
      json += i > 0 ? ",{}" : "{}";
    return json + "]}}}";
  };
  BOOST_TEST(faults_in(body(500)).empty());
  BOOST_TEST(faults_in(body(501)) == names{"body.draft: too_long"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_number_that_the_parser_cannot_take_does_not_read_the_draft_twice) {
  const auto read = parsed(R"({"draft":{"referrer_mappings":{"remove":[1]}},"url":"u","n":1)" +
                           std::string(400, '0') + "}");
  BOOST_TEST(read.draft->referrer_mappings.remove.size() == 1U);
  BOOST_TEST(first_fault(read) == "body.n: value_error");
}

BOOST_AUTO_TEST_SUITE_END()
