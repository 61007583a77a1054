#pragma once

// Random regular expressions from a grammar of most of what PCRE2 knows, each with a text that it
// probably matches, so that matches are common. Often invalid: the tests find out by compiling
// them.

#include "tests/domain/core/random_source.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace headwater::attribution::test {

struct pattern_sample {
  std::string pattern;
  std::string text;
};

class pattern_source {
public:
  explicit pattern_source(std::uint64_t seed) : random_(seed) {}

  pattern_sample next() {
    auto made = alternatives(3);
    if (random_.once_in(3))
      mutate(made.pattern);
    return made;
  }

  /// Lowercase ASCII with the text somewhere in it, more or less.
  std::string host(const pattern_sample& sample) {
    auto text = filler() + sample.text + filler();
    if (random_.once_in(4))
      mutate(text);
    std::string host;
    for (const char c : text.substr(0, 60))
      if (static_cast<unsigned char>(c) < 0x80)
        host += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return host;
  }

private:
  static void add(pattern_sample& to, const pattern_sample& more) {
    to.pattern += more.pattern;
    to.text += more.text;
  }

  pattern_sample alternatives(int depth) {
    auto made = branch(depth);
    for (auto more = random_.below(3); more > 1; --more) {
      auto other = branch(depth);
      made.pattern += "|" + other.pattern;
      if (random_.once_in(2))
        made.text = std::move(other.text);
    }
    return made;
  }

  pattern_sample branch(int depth) {
    pattern_sample made;
    for (auto items = random_.below(6); items > 0; --items)
      add(made, quantified(atom(depth)));
    return made;
  }

  pattern_sample quantified(pattern_sample atom) {
    struct quantifier {
      std::string text;
      std::size_t least, most;
    };
    static const std::vector<quantifier> all{
        {"+", 1, 3},   {"*", 0, 3},     {"?", 0, 1},    {"{2}", 2, 2},     {"{1,3}", 1, 3},
        {"{0}", 0, 0}, {"{0,2}", 0, 2}, {"{2,}", 2, 4}, {"{9,10}", 9, 10}, {"{,3}", 0, 3}};
    static const std::vector<std::string> suffixes{"", "", "", "?", "+"};
    if (!random_.once_in(4))
      return atom;
    const auto& chosen = random_.pick(all);
    pattern_sample made{atom.pattern + chosen.text + random_.pick(suffixes), ""};
    const auto times = chosen.least + random_.below(chosen.most - chosen.least + 1);
    for (std::size_t i = 0; i < times; ++i)
      made.text += atom.text;
    return made;
  }

  pattern_sample atom(int depth) {
    switch (random_.below(8)) {
    case 0:
      return random_.pick(escapes());
    case 1:
      return random_.pick(classes());
    case 2:
      return once_more(depth);
    case 3:
      return random_.once_in(2) ? random_.pick(oddities()) : literal();
    default:
      return literal();
    }
  }

  pattern_sample once_more(int depth) {
    static const std::vector<std::string> openings{
        "(",     "(?:",  "(?>",   "(?i:",    "(?|",       "(?<n>",  "(?P<m>", "(?'o'",
        "(?=",   "(?!",  "(?<=",  "(?<!",    "(?-i:",     "(?x:",   "(?^:",   "(?s-m:",
        "(?(1)", "(?U:", "(?xx:", "(?(?=a)", "(*atomic:", "(*pla:", "(?("};
    if (depth == 0)
      return literal();
    auto made = alternatives(depth - 1);
    const auto& opening = random_.once_in(2) ? openings[random_.below(2)] : random_.pick(openings);
    made.pattern = opening + made.pattern + ")";
    return made;
  }

  pattern_sample literal() {
    static const std::string common = "abcksABKS01-_. ";
    const std::string one(1, common[random_.below(common.size())]);
    return {one, one};
  }

  static const std::vector<pattern_sample>& escapes() {
    static const std::vector<pattern_sample> all{
        {"\\.", "."},      {"\\-", "-"},       {"\\x61", "a"},     {"\\x{6B}", "k"},
        {"\\o{163}", "s"}, {"\\x{212a}", "k"}, {"\\x", ""},        {"\\x6", ""},
        {"\\060", "0"},    {"\\0", ""},        {"\\1", "a"},       {"\\10", ""},
        {"\\61", "1"},     {"\\d", "7"},       {"\\D", "b"},       {"\\w", "c"},
        {"\\W", "."},      {"\\s", " "},       {"\\h", " "},       {"\\S", "x"},
        {"\\R", "\n"},     {"\\X", "a"},       {"\\N", "z"},       {"\\N{U+61}", "a"},
        {"\\pL", "a"},     {"\\p{Ll}", "b"},   {"\\P{^Lu}", "b"},  {"\\b", ""},
        {"\\B", ""},       {"\\A", ""},        {"\\z", ""},        {"\\Z", ""},
        {"\\G", ""},       {"\\K", ""},        {"\\cA", "\x01"},   {"\\c\\", ""},
        {"\\e", "\x1B"},   {"\\n", "\n"},      {"\\t", "\t"},      {"\\Qa.b\\E", "a.b"},
        {"\\Qa", "a"},     {"\\E", ""},        {"\\g1", "a"},      {"\\g{-1}", "a"},
        {"\\k<n>", "a"},   {"\\g<1>", "a"},    {"\\\xC3\xA4", ""}, {"\\]", "]"},
        {"\\ ", " "}};
    return all;
  }

  static const std::vector<pattern_sample>& classes() {
    static const std::vector<pattern_sample> all{
        {"[ab]", "b"},        {"[aB]", "b"},        {"[a-c]", "b"},          {"[A-z]", "k"},
        {"[a-z]", "q"},       {"[0-9]", "5"},       {"[^a]", "b"},           {"[^.]", "a"},
        {"[]a]", "]"},        {"[^]a]", "b"},       {"[a-]", "-"},           {"[-a]", "-"},
        {"[+--]", ","},       {"[a\\-c]", "-"},     {"[\\]a]", "a"},         {"[\\da]", "3"},
        {"[\\w.]", "."},      {"[\\x61b]", "a"},    {"[\\c]a]", "a"},        {"[\\ba]", "a"},
        {"[\\1a]", "a"},      {"[[:digit:]]", "4"}, {"[[:^digit:]]", "a"},   {"[[:alpha:]b]", "b"},
        {"[[:<:]]", ""},      {"[[:>:]]", ""},      {"[[:a]", ":"},          {"[[a]", "["},
        {"[a[]", "["},        {"[\xC3\xA4]", ""},   {"[\xE2\x84\xAA]", "k"}, {"[a\xC5\xBF]", "s"},
        {"[\\Qa]b\\E]", "]"}, {"[a-\\Q]\\E]", "b"}, {"[\\E^a]", "b"},        {"[a \tb]", " "},
        {"[\\p{L}]", "a"},    {"[\\o{141}]", "a"},  {"[\\N{U+61}]", "a"},    {"[K\\x{4b}k]", "k"}};
    return all;
  }

  static const std::vector<pattern_sample>& oddities() {
    static const std::vector<pattern_sample> all{{".", "x"},
                                                 {"^", ""},
                                                 {"$", ""},
                                                 {"(?i)", ""},
                                                 {"(?-i)", ""},
                                                 {"(?x)", ""},
                                                 {"(?xx)", ""},
                                                 {"(?s)", ""},
                                                 {"(?m)", ""},
                                                 {"(?^)", ""},
                                                 {"(?n)", ""},
                                                 {"(?J)", ""},
                                                 {"(?#a)", ""},
                                                 {"(?#)", ""},
                                                 {"#", "#"},
                                                 {"(?1)", "a"},
                                                 {"(?R)?", ""},
                                                 {"(?&n)", "a"},
                                                 {"(?P>m)", "a"},
                                                 {"(?P=m)", "a"},
                                                 {"(*ACCEPT)", ""},
                                                 {"(*F)", ""},
                                                 {"(*COMMIT)", ""},
                                                 {"(*PRUNE:a)", ""},
                                                 {"(*SKIP)", ""},
                                                 {"(*THEN)", ""},
                                                 {"(?(DEFINE)ab)", ""},
                                                 {"(?(1)a|b)", "b"},
                                                 {"{", "{"},
                                                 {"{a}", "{a}"},
                                                 {"{,2}", "{,2}"},
                                                 {"a{ 1 }", "a{ 1 }"},
                                                 {"]", "]"},
                                                 {"}", "}"},
                                                 {"\xE2\x84\xAA", "k"},
                                                 {"\xC5\xBF", "s"},
                                                 {"\xC3\xA4", ""},
                                                 {"\xC4\xB0", "i"},
                                                 {"(?:)", ""},
                                                 {"()", ""},
                                                 {"(?|(a)|(b))", "b"},
                                                 {"(?<=a)", ""},
                                                 {"(?!)", ""},
                                                 {"(?=)", ""},
                                                 {"\n", "\n"},
                                                 {"/", "/"},
                                                 {"com", "com"},
                                                 {"www.", "www."}};
    return all;
  }

  std::string filler() {
    std::string text;
    for (auto more = random_.below(4); more > 0; --more)
      text += literal().text;
    return text;
  }

  void mutate(std::string& text) {
    static const std::string bytes = "()[]{}\\|?*+^$.-,:=!<>#' \"QEKxkKsSa01\xC3\xA4\x84";
    for (auto times = 1 + random_.below(2); times > 0 && !text.empty(); --times) {
      const auto at = random_.below(text.size());
      if (random_.once_in(2))
        text.insert(at, 1, bytes[random_.below(bytes.size())]);
      else
        text.erase(at, 1 + random_.below(2));
    }
  }

  random_source random_;
};

} // namespace headwater::attribution::test
