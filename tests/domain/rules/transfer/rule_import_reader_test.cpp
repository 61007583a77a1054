#include "domain/rules/transfer/rule_import_reader.hpp"
#include "tests/domain/core/colliding_keys.hpp"
#include "tests/domain/rules/account.hpp"

using namespace headwater;
using namespace headwater::attribution;

namespace {

const import_options options{"acme", false, 50'000, max_json_depth};

template <class Rule>
result<import_rows<Rule>> read(std::string_view text, import_format format,
                               const import_options& with = options) {
  return read_import<Rule>(text, format, with);
}

/// Referrers as "line id domain source active", or the faults as "line field type".
std::string told(const result<import_rows<passthrough_referrer>>& document) {
  if (!document)
    return std::string(to_string(document.error().code)) + ": " + document.error().message;
  std::string out;
  for (const auto& each : document->faults)
    out += std::to_string(each.line) + " " + to_string(each.at) + " " + each.type + "; ";
  if (document->fault_count > 0)
    return out;
  for (const auto& [rule, line, given, is_faulty] : document->rows)
    out += std::to_string(line) + " " + std::to_string(rule.id) + " " + rule.domain + " " +
           rule.utm.source + (rule.is_active ? "" : " off") + "; ";
  return out;
}

std::string json(std::string_view text) {
  return told(read<passthrough_referrer>(text, import_format::json));
}
std::string csv(std::string_view text) {
  return told(read<passthrough_referrer>(text, import_format::csv));
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_import_reading)

BOOST_AUTO_TEST_CASE(json_is_a_list_or_what_the_api_answers) {
  constexpr std::string_view list = R"([{"domain":"HTTPS://A.com/","utm_source":"a"}])";
  const auto expected = "1 0 a.com a; ";
  BOOST_TEST(json(list) == expected);
  BOOST_TEST(json(R"({"referrers":)" + std::string(list) + "}") == expected);
  BOOST_TEST(json(R"({"success":true,"data":{"referrers":)" + std::string(list) +
                  R"(,"total":1,"active_count":1,"version":7}})") == expected);
  BOOST_TEST(json("[]").empty());
}

BOOST_AUTO_TEST_CASE(json_that_is_no_list_of_rules_says_where_one_should_be) {
  BOOST_TEST(json("{}") == "0 body.referrers missing; ");
  BOOST_TEST(json(R"({"mappings":[]})") == "0 body.referrers missing; ");
  BOOST_TEST(json("7") == "0 body list_type; ");
  BOOST_TEST(json(R"({"data":{"referrers":null}})") == "0 body.data.referrers list_type; ");
  BOOST_TEST(json(R"({"referrers":[],"data":{"referrers":[]}})") ==
             "0 body.data.referrers value_error; ");
  BOOST_TEST(json(R"({"referrers":[],"total":1,"total":1})") == "0 body.total value_error; ");
  BOOST_TEST(json("[").starts_with("bad_request: The body is not valid JSON"));
  import_options shallow = options;
  shallow.most_levels = 2;
  BOOST_TEST(told(read<passthrough_referrer>("[[[]]]", import_format::json, shallow)) ==
             "bad_request: The body is nested deeper than 2 levels");
}

BOOST_AUTO_TEST_CASE(every_fault_of_every_row_is_told_with_its_line) {
  BOOST_TEST(json("[{\"domain\":\"a.com\",\"utm_source\":\"a\"},\n"
                  " {\"domain\":\"no domain\",\"utm_medium\":7},\n 5,\n"
                  " {\"domain\":\"b.com\",\"utm_source\":\"b\",\"is_active\":7,\"id\":\"4\"}\n]") ==
             "2 body[1].domain value_error; 2 body[1].utm_source missing; "
             "2 body[1].utm_medium string_type; 3 body[2] dict_type; 4 body[3].id int_type; "
             "4 body[3].is_active bool_type; ");
  BOOST_TEST(csv("id,domain,utm_source,is_active\r\n"
                 ",\"a\nb\",,perhaps\r\n"
                 "x,b.com,b,1\r\n"
                 "0,c.com,c\r\n") ==
             "2 body[0].domain value_error; 2 body[0].utm_source string_too_short; "
             "2 body[0].is_active bool_parsing; 4 body[1].id int_parsing; 5 body[2] value_error; ");
}

BOOST_AUTO_TEST_CASE(every_faulty_row_is_told_and_all_faults_are_counted) {
  std::string text = "domain,utm_source\n";
  for (int i = 0; i < 300; ++i)
    text += "-,\n";
  const auto document = read<passthrough_referrer>(text, import_format::csv);
  BOOST_TEST(document->fault_count == 600);
  BOOST_REQUIRE(document->faults.size() == 350U); // 100 of 50 rows, and one of each other
  for (std::int64_t line = 2; line <= 301; ++line)
    BOOST_TEST(std::ranges::count(document->faults, line, &fault::line) == (line <= 51 ? 2 : 1));
  const auto refused = plan_import({}, *document, import_mode::merge, 1000);
  BOOST_TEST(refused.error().fault_count == 600);
  BOOST_TEST(refused.error().faults.size() == 350U);
  BOOST_TEST(refused.error().message.starts_with(
      "Nothing was imported: 600 faults, 350 of which are told, at least one of each faulty row. "
      "Line 2, body[0].domain: "));
}

BOOST_AUTO_TEST_CASE(one_text_in_two_rows_is_a_fault_that_names_the_other_line) {
  const auto document =
      read<passthrough_referrer>("utm_source,domain\na,B\xC3\x9C"
                                 "CHER.example\nb,other.example\nc,https://b\xC3\xBC"
                                 "cher.example/\n",
                                 import_format::csv);
  BOOST_REQUIRE(document->fault_count == 1);
  BOOST_TEST(to_string(document->faults[0].at) == "body[2].domain");
  BOOST_TEST(document->faults[0].message == "'xn--bcher-kva.example' is also in line 2");
  BOOST_TEST(document->faults[0].line == 4);
  BOOST_TEST((document->rows[2].is_faulty && !document->rows[0].is_faulty));
}

BOOST_AUTO_TEST_CASE(columns_come_in_any_order_and_unknown_ones_are_named) {
  BOOST_TEST(csv("\xEF\xBB\xBFis_active, utm_source ,\"domain\"\r\nFALSE,a,a.com\r\nyes,b,b.com\r\n"
                 ",c,c.com") == "2 0 a.com a off; 3 0 b.com b; 4 0 c.com c; ");
  constexpr std::string_view text = "domain,colour,utm_source,created_at\na.com,red,a,never\n";
  const auto document = read<passthrough_referrer>(text, import_format::csv);
  BOOST_TEST((document->ignored_fields == std::vector<std::string>{"colour"}));
  auto strict = options;
  strict.strict = true;
  BOOST_TEST(told(read<passthrough_referrer>(text, import_format::csv, strict)) ==
             "1 body.colour extra_forbidden; ");
  BOOST_TEST(told(read<passthrough_referrer>(R"([{"domain":"a.com","utm_source":"a","x":1}])",
                                             import_format::json, strict)) ==
             "1 body[0].x extra_forbidden; ");
}

BOOST_AUTO_TEST_CASE(a_header_that_cannot_do_is_told_once) {
  BOOST_TEST(csv("domain,domain\na,b\nc,d") ==
             "1 body.domain value_error; 1 body.utm_source missing; ");
  BOOST_TEST(csv("").starts_with("bad_request: The body is not valid CSV: it has no header row"));
  const auto bars = read<passthrough_referrer>("domain|utm_source\na|b", import_format::csv);
  BOOST_REQUIRE(bars->faults.size() == 2U);
  BOOST_TEST(bars->faults[0].message ==
             "Column required; columns should be separated by commas, semicolons or tabs");
  BOOST_TEST(csv("domain\n\"open").starts_with("bad_request")); // syntax comes first
  BOOST_TEST(csv("domain,utm_source\n").empty());
}

BOOST_AUTO_TEST_CASE(columns_are_separated_as_the_header_says) {
  for (const auto& [text, delimiter] :
       {std::pair{"domain,utm_source\na.com,\"x;y\"\n", ','},
        {"domain;utm_source\na.com;\"x;y\"\n", ';'},
        {"\"domain\";\"utm_source\"\r\n\"a.com\";\"x;y\"\r\n", ';'},
        {" domain\t utm_source\na.com\tx;y\n", '\t'},
        {"utm_source;colour, shade;domain\n\"x;y\";red, dark;a.com\n", ';'}}) {
    const auto document = read<passthrough_referrer>(text, import_format::csv);
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(told(document) == "2 0 a.com x;y; ");
      BOOST_TEST(document->delimiter == delimiter);
    }
  }
  BOOST_TEST(read<passthrough_referrer>("[]", import_format::json)->delimiter == 0);
}

BOOST_AUTO_TEST_CASE(null_is_no_value_for_a_field_that_has_none) {
  const auto document = read<passthrough_referrer>(
      R"([{"domain":"a.com","utm_source":"a","utm_medium":null}])", import_format::json);
  BOOST_REQUIRE(document->rows.size() == 1U);
  BOOST_TEST(document->rows[0].rule.utm.medium == "passthrough");
  const auto without =
      read<passthrough_referrer>(R"([{"domain":"a.com","utm_source":"a"}])", import_format::json);
  BOOST_TEST(document->rows[0].given == without->rows[0].given);
}

BOOST_AUTO_TEST_CASE(rows_whose_text_was_normalised_are_told_and_counted) {
  std::string text = "domain,utm_source\nHTTPS://A.com/,a\n B.com ,b\n";
  for (int i = 0; i < 200; ++i)
    text += "https://c" + std::to_string(i) + ".com,c\n";
  const auto document = read<passthrough_referrer>(text, import_format::csv);
  const auto& found = document->normalised;
  BOOST_TEST(found.count == 201);
  BOOST_REQUIRE(found.told.size() == max_told_faults);
  BOOST_TEST(found.told[0].line == 2U);
  BOOST_TEST(found.told[0].text.sent == "HTTPS://A.com/");
  BOOST_TEST(found.told[0].text.stored == "a.com");
  BOOST_TEST(found.told[1].line == 4U);
}

BOOST_AUTO_TEST_CASE(null_and_the_empty_text_are_told_apart) {
  const auto csv_document = read<referrer_mapping>(
      "referrer_pattern,utm_source,label,description,utm_medium,match_type,priority\n"
      "a.com,s,,\"\",,,\nb.com,s,\"\",,\"\",ends_with,7\n",
      import_format::csv);
  const auto json_document = read<referrer_mapping>(
      R"([{"referrer_pattern":"a.com","utm_source":"s","label":null,"description":"","utm_medium":""},
          {"referrer_pattern":"b.com","utm_source":"s","label":"","description":null,"utm_medium":"",
           "match_type":"ends_with","priority":7}])",
      import_format::json);
  for (const auto* document : {&csv_document, &json_document}) {
    BOOST_REQUIRE(document->has_value());
    BOOST_REQUIRE((*document)->fault_count == 0);
    const auto& a = (*document)->rows[0].rule;
    const auto& b = (*document)->rows[1].rule;
    BOOST_TEST((!a.label && a.description == "" && a.utm.medium.empty()));
    BOOST_TEST((a.match_type == match_type::exact && a.priority == 0));
    BOOST_TEST((b.label == "" && !b.description && b.utm.medium.empty()));
    BOOST_TEST((b.match_type == match_type::ends_with && b.priority == 7));
  }
  BOOST_TEST((csv_document->rows[0].given == json_document->rows[0].given));
}

BOOST_AUTO_TEST_CASE(ids_count_only_for_the_account_that_they_are_of) {
  BOOST_TEST(csv("id,account_id,domain,utm_source\n7,acme,a.com,s\n7,,b.com,s\n7,other,c.com,s\n"
                 ",acme,d.com,s\n") == "2 7 a.com s; 3 7 b.com s; 4 0 c.com s; 5 0 d.com s; ");
  BOOST_TEST(json(R"([{"id":7,"account_id":"other","domain":"a.com","utm_source":"s"},
 {"id":null,"domain":"b.com","utm_source":"s"},{"id":0,"domain":"c.com","utm_source":"s"},
 {"id":99999999999999999999,"domain":"d.com","utm_source":"s"}])") ==
             "2 body[2].id greater_than_equal; 3 body[3].id less_than_equal; ");
}

BOOST_AUTO_TEST_CASE(too_many_rows_are_too_large) {
  auto few = options;
  few.most_rows = 2;
  constexpr std::string_view text = "domain,utm_source\na.com,s\nb.com,s\nc.com,s\n";
  BOOST_TEST(told(read<passthrough_referrer>(text, import_format::csv, few)) ==
             "payload_too_large: An import has at most 2 rules; this one has 3");
  BOOST_TEST(
      !told(read<passthrough_referrer>(text.substr(0, text.size() - 8), import_format::csv, few))
           .starts_with("payload"));
}

// A column that is given twice was looked for among all columns before it.
BOOST_AUTO_TEST_CASE(many_columns_cost_the_same_in_any_order) {
  std::string unknown, repeated;
  for (int i = 0; i < 10'000; ++i) {
    unknown += "x,";
    repeated += "domain,";
  }
  const auto cost_of_header = [](const std::string& header) {
    return headwater::testing::cost_of([&] {
      const auto rows = read<passthrough_referrer>(header + "utm_source\n", import_format::csv);
      BOOST_TEST(rows.value().fault_count == 9'999);
    });
  };
  const auto usual = cost_of_header(repeated + unknown);
  BOOST_TEST(cost_of_header(unknown + repeated) < 5 * usual);
}

BOOST_AUTO_TEST_SUITE_END()
