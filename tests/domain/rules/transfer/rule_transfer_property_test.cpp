#include "domain/core/text.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/transfer/rule_export.hpp"
#include "domain/rules/transfer/rule_import_reader.hpp"
#include "tests/domain/core/random_source.hpp"
#include "tests/domain/rules/account.hpp"

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>

using namespace headwater;
using namespace headwater::attribution;
using headwater::attribution::test::setting;

namespace {

template <class Rule>
const rule_store<Rule>& rules_of(const account_rules& all) {
  if constexpr (std::is_same_v<Rule, passthrough_referrer>)
    return all.passthrough_referrers();
  else
    return all.referrer_mappings();
}

/// Texts that a spreadsheet, a quoting rule or a parser may trip over.
class hostile_source {
public:
  explicit hostile_source(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  std::string line() {
    static const std::vector<std::string> pieces{"=",
                                                 "+",
                                                 "-",
                                                 "@",
                                                 "'",
                                                 "''",
                                                 "\"",
                                                 "\"\"",
                                                 ",",
                                                 ";",
                                                 " ",
                                                 "\\",
                                                 "%",
                                                 "null",
                                                 "true",
                                                 "0",
                                                 "=1+1",
                                                 "\xC3\xA4",
                                                 "\xF0\x9F\x98\x80",
                                                 "\xEF\xBB\xBF",
                                                 "\xE2\x80\xA8",
                                                 "{\"a\":[1]}",
                                                 "#"};
    return of(pieces);
  }
  std::string text() {
    static const std::vector<std::string> pieces{"\r\n", "\n", "\r", "\t", "=",
                                                 "'",    "\"", ",",  "x"};
    return below(2) ? of(pieces) : line();
  }
  std::string host() {
    static const std::vector<std::string> labels{"a", "b", "www", "shop",
                                                 "b\xC3\xBC"
                                                 "cher"};
    return labels[below(labels.size())] + std::to_string(below(40)) + ".example" +
           (below(3) ? "" : ".com");
  }

  draft body(const passthrough_referrer*) {
    draft out;
    out.members = {{"domain", host()}, {"utm_source", "s" + line()}};
    for (const auto* name : {"utm_medium", "utm_campaign", "utm_term", "service_name"})
      if (below(2))
        out.members.push_back({name, line()});
    if (below(3) == 0)
      out.members.push_back({"is_active", false});
    return out;
  }

  draft body(const referrer_mapping*) {
    static const std::vector<std::string> types{"exact", "contains", "starts_with", "ends_with",
                                                "regex"};
    static const std::vector<std::string> patterns{"=a",       "'x",    "''",  "\"q\"",
                                                   "-b,c",     "@home", "+1",  "^(a|b),\"c\"$",
                                                   "(?i)shop", "'=",    ".com"};
    draft out;
    out.members = {{"utm_source", below(2) ? "=s" + line() : "s"},
                   {"referrer_pattern", below(2) ? host() : patterns[below(patterns.size())]},
                   {"match_type", types[below(types.size())]},
                   {"priority", static_cast<std::int64_t>(below(1001))}};
    for (const auto* name : {"utm_medium", "utm_campaign", "utm_term", "utm_content"})
      if (below(2))
        out.members.push_back({name, line()});
    out.members.push_back({"label", below(2) ? json_value(json_null{}) : json_value(line())});
    out.members.push_back({"description", below(2) ? json_value(json_null{}) : json_value(text())});
    if (below(3) == 0)
      out.members.push_back({"is_active", false});
    return out;
  }

private:
  std::string of(const std::vector<std::string>& pieces) {
    std::string out;
    for (auto more = below(4); more > 0; --more)
      out += pieces[below(pieces.size())];
    return out;
  }

  std::mt19937_64 random_;
};

template <class Rule>
std::string exported(const account_rules& rules, import_format format, std::string_view account) {
  std::string out;
  if (format == import_format::csv) {
    append_csv_header<Rule>(out);
    rules_of<Rule>(rules).each([&](const auto& rule) { append_csv_row(out, *rule, account); });
    return out;
  }
  json_writer json;
  json.begin_object().key("data").begin_object().key(rule_kind<Rule>::list_name).begin_array();
  rules_of<Rule>(rules).each([&](const auto& rule) { write_resource(json, *rule, account); });
  json.end_array().end_object().end_object();
  return std::move(json).str();
}

template <class Rule>
import_rows<Rule> rows_of(const std::string& document, import_format format) {
  auto rows = read_import<Rule>(document, format, {"acme", true, 50'000, max_json_depth});
  BOOST_REQUIRE_MESSAGE(rows, (rows ? "" : rows.error().message));
  for (const auto& each : rows->faults)
    BOOST_ERROR(to_string(each.at) << ": " << each.message << " in line " << each.line);
  BOOST_REQUIRE_EQUAL(rows->fault_count, 0);
  return std::move(*rows);
}

template <class Rule>
import_plan<Rule> plan_of(const account_rules& rules, const import_rows<Rule>& rows,
                          import_mode mode) {
  auto plan = plan_import(rules_of<Rule>(rules), rows, mode, 1000);
  BOOST_REQUIRE_MESSAGE(plan, (plan ? "" : plan.error().message));
  return std::move(*plan);
}

/// What a rule is but for id, times and revision.
template <class Rule>
std::string content(Rule rule) {
  rule.id = 0;
  rule.created_at = rule.updated_at = 0;
  json_writer out;
  write_resource(out, rule, "");
  return std::move(out).str();
}

template <class Rule>
void apply(account_rules& to, import_plan<Rule> plan, import_mode mode) {
  if (auto event = to_event(std::move(plan), mode)) {
    // By its bytes, as the log has it.
    const auto bytes = encode(*event);
    const auto decoded = decode(bytes.type, bytes.schema, bytes.payload);
    BOOST_REQUIRE(decoded);
    BOOST_REQUIRE((*decoded == rule_event(*event)));
    BOOST_REQUIRE(to.apply(*decoded, {to.version() + 1, 7}));
  }
}

template <class Rule>
account_rules random_account(hostile_source& source) {
  attribution::test::account made;
  for (auto commands = source.below(25); commands > 0; --commands) {
    const auto body = source.body(static_cast<const Rule*>(nullptr));
    if constexpr (std::is_same_v<Rule, passthrough_referrer>) {
      (void)made.run(create_passthrough_referrer{body, false});
      if (source.below(4) == 0)
        (void)made.run(delete_passthrough_referrer{static_cast<std::int64_t>(source.below(9)), {}});
    } else {
      (void)made.run(create_referrer_mapping{body, false});
      if (source.below(4) == 0)
        (void)made.run(delete_referrer_mapping{static_cast<std::int64_t>(source.below(9)), {}});
    }
  }
  return made.rules();
}

template <class Rule>
void round_trip(hostile_source& source, std::size_t& rules_seen) {
  const auto account = random_account<Rule>(source);
  const auto other = random_account<Rule>(source);
  rules_seen += rules_of<Rule>(account).total();
  for (const auto format : {import_format::json, import_format::csv}) {
    const auto rows = rows_of<Rule>(exported<Rule>(account, format, "acme"), format);
    for (const auto mode : {import_mode::merge, import_mode::replace}) {
      const auto plan = plan_of(account, rows, mode);
      BOOST_REQUIRE((counts_of(plan, mode) ==
                     import_counts{mode, 0, 0, 0,
                                   static_cast<std::int64_t>(rules_of<Rule>(account).total())}));
    }
    account_rules fresh;
    apply(fresh, plan_of(fresh, rows, import_mode::merge), import_mode::merge);
    const auto originals = rules_of<Rule>(account).all();
    const auto copies = rules_of<Rule>(fresh).all();
    BOOST_REQUIRE_EQUAL(originals.size(), copies.size());
    for (std::size_t i = 0; i < copies.size(); ++i)
      BOOST_REQUIRE_EQUAL(content(*originals[i]), content(*copies[i]));
    // Into an account with rules of its own, from one whose ids mean nothing there.
    const auto foreign = rows_of<Rule>(exported<Rule>(account, format, "elsewhere"), format);
    auto merged = other;
    apply(merged, plan_of(merged, foreign, import_mode::merge), import_mode::merge);
    for (const auto& rule : originals) {
      const auto found = rules_of<Rule>(merged).find_text(unique_text(*rule));
      BOOST_REQUIRE(found);
      BOOST_REQUIRE_EQUAL(content(*found), content(*rule));
    }
    rules_of<Rule>(other).each([&](const auto& rule) {
      BOOST_REQUIRE_EQUAL(unique_text(*rules_of<Rule>(merged).find(rule->id)), unique_text(*rule));
    });
    auto replaced = other;
    apply(replaced, plan_of(replaced, foreign, import_mode::replace), import_mode::replace);
    BOOST_REQUIRE_EQUAL(rules_of<Rule>(replaced).total(), originals.size());
    // Back to what it was, ids included, though rules came, went and changed their texts.
    auto restored = account;
    apply(restored,
          plan_of(restored, rows_of<Rule>(exported<Rule>(other, format, "acme"), format),
                  import_mode::replace),
          import_mode::replace);
    BOOST_REQUIRE_EQUAL(rules_of<Rule>(restored).total(), rules_of<Rule>(other).total());
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_transfers)

BOOST_AUTO_TEST_CASE(what_was_exported_and_is_imported_changes_nothing) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  const auto rounds = setting("HEADWATER_TRANSFERS", 200);
  std::cout << "HEADWATER_SEED=" << seed << std::endl;
  std::size_t rules_seen = 0;
  for (std::uint64_t round = 0; round < rounds; ++round)
    BOOST_TEST_CONTEXT("HEADWATER_SEED=" << seed << ", round " << round) {
      hostile_source source(seed + round);
      round_trip<passthrough_referrer>(source, rules_seen);
      round_trip<referrer_mapping>(source, rules_seen);
    }
  BOOST_TEST(rules_seen > rounds * 4); // the creates are not all refused
}

BOOST_AUTO_TEST_CASE(every_text_survives_its_guard) {
  const std::string_view characters[] = {"=",  "+", "-",  "@", "'",      "\t",    "\r",
                                         "\n", "x", "\"", " ", "\u3000", "\uFF1D"};
  std::vector<std::string> texts{""};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    BOOST_TEST(unguarded(guarded(texts[i])) == texts[i], texts[i]);
    BOOST_TEST(guarded(texts[i]).find_first_of("=+-@\t\r\n") != 0U, texts[i]);
    if (code_points(texts[i]) < 4)
      for (const auto c : characters)
        texts.push_back(texts[i] + std::string(c));
  }
  BOOST_TEST(guarded("'plain") == "'plain");
  BOOST_TEST(unguarded("'plain") == "'plain");
  BOOST_TEST(guarded("=1") == "'=1");
}

BOOST_AUTO_TEST_CASE(csv_has_every_field_in_the_order_of_the_table) {
  std::string out;
  append_csv_header<referrer_mapping>(out);
  referrer_mapping rule;
  rule.id = 7;
  rule.referrer_pattern = "-a,\"b\"";
  rule.match_type = match_type::contains;
  rule.utm.source = "@s";
  rule.label = "";
  rule.description = "one\r\ntwo";
  rule.is_active = false;
  rule.created_at = rule.updated_at = 1'736'071'200'000'000;
  append_csv_row(out, rule, "-acct");
  BOOST_TEST(out == "id,account_id,referrer_pattern,match_type,utm_source,utm_medium,utm_campaign,"
                    "utm_term,utm_content,label,description,priority,is_active,created_at,"
                    "updated_at\r\n"
                    "7,'-acct,\"'-a,\"\"b\"\"\",contains,'@s,referral,,,,\"\",\"one\r\ntwo\",0,"
                    "false,2025-01-05T10:00:00Z,2025-01-05T10:00:00Z\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
