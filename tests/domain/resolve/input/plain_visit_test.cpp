#include "domain/resolve/input/plain_visit.hpp"
#include "domain/resolve/input/visit_json.hpp"
#include "tests/domain/core/random_source.hpp"
#include "tests/domain/rules/account.hpp"

#include <cstdlib>
#include <iostream>
#include <random>

using namespace headwater;
using namespace headwater::attribution;
using headwater::attribution::test::setting;

namespace {

/// Texts near the plain shape: most are visits, many have one thing that is not plain, some are
/// no JSON.
class text_source {
public:
  explicit text_source(std::uint64_t seed) : random_(seed) {}

  std::string next() {
    auto text = blank() + object(0) + blank();
    if (below(8) == 0) // a byte changed, put in or taken out
      mangle(text);
    return text;
  }

private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  std::string pick(const std::vector<std::string>& from) { return from[below(from.size())]; }

  std::string blank() { return pick({"", "", "", " ", "\t", "\r\n", "  "}); }

  std::string object(int depth) {
    static const std::vector<std::string> outer{"url",     "url", "referrer", "session",
                                                "session", "x",   "a b",      "",
                                                "visits",  "URL", "\xC3\xA9", "u\\u0072l"};
    static const std::vector<std::string> inner{"utm_source", "utm_medium",  "utm_campaign",
                                                "utm_term",   "utm_content", "id",
                                                "utm_",       "source",      "utm_sourc\\u0065"};
    static const std::vector<std::string> known{"referrer", "session"};
    static const std::vector<std::string> values{"utm_source", "utm_medium", "utm_campaign",
                                                 "utm_term", "utm_content"};
    std::string text = "{" + blank();
    const auto count = below(8) == 0 ? below(20) : below(4);
    if (depth == 0 && below(4) != 0)
      text += R"("url":"https://a.example/")" + std::string(count > 0 && below(20) ? "," : "");
    for (std::uint64_t i = 0; i < count; ++i) {
      const bool is_known = below(4) != 0; // what is not is left to the parser
      const auto key =
          is_known ? pick(depth == 0 ? known : values) : pick(depth == 0 ? outer : inner);
      text += (i > 0 ? "," : "") + blank() + '"' + key + '"' + blank() + ":" + blank();
      text += (key == "session" && below(2) ? object(1) : value(depth)) + blank();
    }
    return text + "}";
  }

  std::string value(int depth) {
    switch (below(depth < 3 ? 10 : 8)) {
    case 0:
      return "null";
    case 1:
      return pick({"true", "false", "nul", "True"});
    case 2:
      return pick({"0", "-0", "1", "-17", "3.25", "01", "1.", ".5", "-", "1e3", "1E400", "+1",
                   "12345678901234567890", std::string(400, '9'), "0.1e-2", "1.5.2"});
    case 8:
      return object(depth + 1);
    case 9:
      return "[" + value(depth + 1) + "]";
    default:
      return '"' + string() + '"';
    }
  }

  std::string string() {
    static const std::vector<std::string> parts{"https://",     "a",
                                                ".example",     "/p?q=1&b=%20",
                                                "\\/",          "\\\"",
                                                "\\\\",         "\\n",
                                                "\\u0026",      "\\u0000",
                                                "\\u00e9",      "\\ud83d\\ude00",
                                                "\\udc00",      "\\x",
                                                "\\u12",        "\xC3\xA9",
                                                "\xE2\x82",     "\xF0\x9F\x98\x80",
                                                "\xED\xA0\x80", "\xC0\xAF",
                                                "\x7F",         "\x1F",
                                                "\t",           "utm_source",
                                                "eight888",     "sixteen16sixteen"};
    std::string text;
    for (auto count = below(6); count > 0; --count)
      text += below(8) ? parts[below(4)] : pick(parts);
    return text;
  }

  void mangle(std::string& text) {
    const auto at = below(text.size());
    switch (below(3)) {
    case 0:
      text.erase(at, 1);
      break;
    case 1:
      text.insert(at, 1, static_cast<char>(below(256)));
      break;
    default:
      text[at] = std::string_view("\"{},:\\n\0", 8)[below(8)];
    }
  }

  std::mt19937_64 random_;
};

std::optional<visit> plain_visit(std::string_view json) {
  visit into;
  return read_plain_visit(json, into) ? std::optional(std::move(into)) : std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(plain_visits)

BOOST_AUTO_TEST_CASE(what_is_read_the_short_way_is_read_the_same_the_long_way) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  const auto rounds = setting("HEADWATER_ROUNDS", 20'000);
  std::cout << "plain visits: HEADWATER_SEED=" << seed << '\n';
  text_source texts(seed);
  std::uint64_t plain = 0, visits = 0;
  for (std::uint64_t i = 0; i < rounds; ++i) {
    const auto text = texts.next();
    const auto found = plain_visit(text);
    const auto expected = parse_visit_by_tokens(text);
    visits += expected ? 1 : 0;
    plain += found ? 1 : 0;
    if (!found)
      continue;
    BOOST_REQUIRE_MESSAGE(expected, text);
    BOOST_REQUIRE_MESSAGE((*expected == *found && expected->ignored_fields.empty()), text);
  }
  // Neither side may be so rare that the comparison says nothing.
  BOOST_TEST(plain > rounds / 10);
  BOOST_TEST(visits > plain);
  BOOST_TEST(visits < rounds);
}

BOOST_AUTO_TEST_CASE(what_trackers_send_is_read_the_short_way) {
  const std::string_view texts[] = {
      R"({"url":"https://a.example/","referrer":"https://b.example/","session":null})",
      R"({"url":"https://a.example/"})",
      R"( { "session" : { } , "url" : "" } )",
      R"({"url":"https:\/\/a.example\/?a=1\u0026b=2","referrer":null})",
      R"({"url":"u","session":{"utm_source":"caf)"
      "\xC3\xA9"
      R"(","utm_medium":null}})",
  };
  for (const auto text : texts)
    BOOST_TEST(plain_visit(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(everything_else_is_left_to_the_parser) {
  const std::string_view texts[] = {"",
                                    "{",
                                    "{}",
                                    "null",
                                    R"({"url":null})",
                                    R"({"url":"u"}x)",
                                    R"({"url":"u",})",
                                    R"({"url":"u","url":"u"})",
                                    R"({"url":"u","referrer":null,"referrer":null})",
                                    R"({"url":"u","session":null,"session":{}})",
                                    R"({"url":"u","x":1})",
                                    R"({"url":"u","referer":null})",
                                    R"({"url":"u","session":{"source":"s"}})",
                                    R"({"url":"u","referrer":5})",
                                    R"({"url":"u","session":5})",
                                    R"({"url":"u","session":{"utm_term":5}})",
                                    R"({"url":"u","session":{"utm_term":"a","utm_term":"b"}})",
                                    R"({"url":"\ud83d\ude00"})",
                                    "{\"url\":\"\xFF\"}",
                                    "{\"url\":\"\n\"}",
                                    "\xEF\xBB\xBF{\"url\":\"u\"}"};
  for (const auto text : texts)
    BOOST_TEST(!plain_visit(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
