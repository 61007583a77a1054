#include "domain/rules/rule_events.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/rules.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

namespace headwater::attribution {

BOOST_AUTO_TEST_SUITE(rule_kinds)

BOOST_AUTO_TEST_CASE(kinds_share_no_name) {
  std::multiset<std::string_view> seen;
  each_rule_kind([&](auto kind) {
    for (const auto name :
         {kind.words, kind.title, kind.name, kind.names, kind.path, kind.schema, kind.list_name,
          kind.id_name, kind.unique_field, kind.created, kind.changed, kind.deleted, kind.imported})
      seen.insert(name);
  });
  for (const auto name : seen)
    BOOST_TEST(seen.count(name) == 1, name);
}

BOOST_AUTO_TEST_CASE(names_of_a_kind_are_forms_of_one) {
  each_rule_kind([](auto kind) {
    std::string words(kind.words);
    BOOST_TEST(kind.title.substr(1) == kind.words.substr(1));
    for (auto& each : words)
      each = each == ' ' ? '_' : each;
    BOOST_TEST(kind.name == words);
    BOOST_TEST(kind.names == words + "s");
    const std::string path(kind.path);
    BOOST_TEST(kind.one_path == "/" + path + "/{" + std::string(kind.id_name) + "}");
    const std::string schema(kind.schema);
    BOOST_TEST(kind.list_schema == schema + "List");
    BOOST_TEST(kind.create_schema == "Create" + schema);
    BOOST_TEST(kind.update_schema == "Update" + schema);
    BOOST_TEST(kind.chosen_schema == "Update" + schema + "s");
    BOOST_TEST(kind.import_schema == schema + "Import");
    BOOST_TEST(kind.created == words + "_created");
    BOOST_TEST(kind.changed == words + "_changed");
    BOOST_TEST(kind.deleted == words + "_deleted");
    BOOST_TEST(kind.imported == words + "s_imported");
  });
}

BOOST_AUTO_TEST_CASE(events_are_written_under_the_names_of_their_kind) {
  each_rule_kind([](auto kind) {
    using rule = rule_of<decltype(kind)>;
    BOOST_TEST(encode(rule_created<rule>{}).type == kind.created);
    BOOST_TEST(encode(rule_changed<rule>{}).type == kind.changed);
    BOOST_TEST(encode(rule_deleted<rule>{}).type == kind.deleted);
    BOOST_TEST(encode(rules_imported<rule>{}).type == kind.imported);
  });
}

BOOST_AUTO_TEST_CASE(unique_field_is_one_of_the_table) {
  each_rule_kind([](auto kind) {
    std::set<std::string_view> names;
    for (const auto& field : fields_of<rule_of<decltype(kind)>>())
      names.insert(field.spec.name);
    BOOST_TEST(names.count(kind.unique_field) == 1);
  });
}

BOOST_AUTO_TEST_CASE(each_kind_finds_its_part_of_what_has_both) {
  rules_restored event;
  event.passthrough_referrers.unchanged = 1;
  event.referrer_mappings.unchanged = 2;
  BOOST_TEST(rule_kind<passthrough_referrer>::in(event).unchanged == 1);
  BOOST_TEST(rule_kind<referrer_mapping>::in(event).unchanged == 2);
  const account_rules rules;
  BOOST_TEST(&rules.of<referrer_mapping>() == &rules.referrer_mappings());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::attribution
