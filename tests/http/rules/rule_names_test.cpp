#include "http/application.hpp"
#include "http/rules/rule_names.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::http {
namespace {

struct expected {
  method verb;
  std::string_view path, name, summary, body, answers;
};

// What clients and their generated code know them by.
constexpr expected all_expected[] = {
    {method::get, "/passthrough-referrers", "listPassthroughReferrers",
     "List passthrough referrers", "", "PassthroughReferrerList"},
    {method::post, "/passthrough-referrers", "createPassthroughReferrer",
     "Create a passthrough referrer", "CreatePassthroughReferrer", "PassthroughReferrer"},
    {method::get, "/passthrough-referrers/{referrer_id}", "getPassthroughReferrer",
     "Get a passthrough referrer", "", "PassthroughReferrer"},
    {method::patch, "/passthrough-referrers/{referrer_id}", "updatePassthroughReferrer",
     "Update a passthrough referrer", "UpdatePassthroughReferrer", "PassthroughReferrer"},
    {method::delete_, "/passthrough-referrers/{referrer_id}", "deletePassthroughReferrer",
     "Delete a passthrough referrer", "", ""},
    {method::patch, "/passthrough-referrers", "updatePassthroughReferrers",
     "Update chosen passthrough referrers, all or nothing", "UpdatePassthroughReferrers",
     "ImportOutcome"},
    {method::delete_, "/passthrough-referrers", "deletePassthroughReferrers",
     "Delete chosen passthrough referrers, all or nothing", "", "ImportOutcome"},
    {method::get, "/passthrough-referrers/export", "exportPassthroughReferrers",
     "Export all passthrough referrers", "", "PassthroughReferrerExport"},
    {method::post, "/passthrough-referrers/import", "importPassthroughReferrers",
     "Import passthrough referrers, all or nothing", "PassthroughReferrerImport", "ImportOutcome"},
    {method::get, "/referrer-mappings", "listReferrerMappings",
     "List referrer mappings in evaluation order", "", "ReferrerMappingList"},
    {method::post, "/referrer-mappings", "createReferrerMapping", "Create a referrer mapping",
     "CreateReferrerMapping", "ReferrerMapping"},
    {method::get, "/referrer-mappings/{mapping_id}", "getReferrerMapping", "Get a referrer mapping",
     "", "ReferrerMapping"},
    {method::patch, "/referrer-mappings/{mapping_id}", "updateReferrerMapping",
     "Update a referrer mapping", "UpdateReferrerMapping", "ReferrerMapping"},
    {method::delete_, "/referrer-mappings/{mapping_id}", "deleteReferrerMapping",
     "Delete a referrer mapping", "", ""},
    {method::patch, "/referrer-mappings", "updateReferrerMappings",
     "Update chosen referrer mappings, all or nothing", "UpdateReferrerMappings", "ImportOutcome"},
    {method::delete_, "/referrer-mappings", "deleteReferrerMappings",
     "Delete chosen referrer mappings, all or nothing", "", "ImportOutcome"},
    {method::get, "/referrer-mappings/export", "exportReferrerMappings",
     "Export all referrer mappings", "", "ReferrerMappingExport"},
    {method::post, "/referrer-mappings/import", "importReferrerMappings",
     "Import referrer mappings, all or nothing", "ReferrerMappingImport", "ImportOutcome"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(rule_endpoints)

BOOST_AUTO_TEST_CASE(endpoints_of_both_kinds_have_the_names_that_clients_know) {
  std::size_t found = 0;
  for (const auto& one : all_routes())
    for (const auto& wanted : all_expected)
      if (one.verb == wanted.verb && one.path == wanted.path) {
        ++found;
        BOOST_TEST(one.name == wanted.name);
        BOOST_TEST(one.summary == wanted.summary);
        BOOST_TEST(one.body == wanted.body);
        BOOST_TEST(one.answers == wanted.answers);
      }
  BOOST_TEST(found == std::size(all_expected));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
