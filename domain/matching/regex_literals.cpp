#include "domain/matching/regex_literals.hpp"

#include "domain/core/text.hpp"
#include "domain/matching/regex_symbols.hpp"
#include "domain/matching/required_literals.hpp"

#include <bitset>
#include <optional>

namespace headwater::attribution {
namespace {

constexpr std::size_t max_depth = 64;      // of groups; deeper ones are not read
constexpr std::size_t max_class_chars = 4; // members, each multiplying the literals

/// Members of a class, as lowercase ASCII.
using char_set = std::bitset<128>;

std::size_t lower(char c) {
  return static_cast<std::size_t>(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

std::string text_of(std::size_t c) {
  return std::string(1, static_cast<char>(c));
}

required_literals required_by(symbol symbol) {
  switch (symbol.what) {
  case symbol::kind::character:
    return required_literals::text(text_of(lower(symbol.value)));
  case symbol::kind::unknown:
    break;
  case symbol::kind::zero_width:
    return required_literals::text("");
  }
  return required_literals::nothing();
}

required_literals required_by(const char_set& chars) {
  literal_set texts;
  for (std::size_t c = 0; c < chars.size(); ++c)
    if (chars[c])
      texts.push_back(text_of(c));
  return required_literals::one_of(std::move(texts));
}

/// Recursive descent; the depth is bounded.
class pattern_reader {
public:
  explicit pattern_reader(std::string_view pattern) : in_(pattern) {}

  std::vector<std::string> required() {
    const auto whole = alternatives();
    if (!in_.at_end())
      in_.give_up(); // an unmatched closing bracket
    return in_.gave_up() ? std::vector<std::string>() : whole.best();
  }

private:
  required_literals alternatives() {
    auto all = branch();
    while (in_.take('|'))
      all.unite(branch());
    return all;
  }

  required_literals branch() {
    auto whole = required_literals::text("");
    while (!in_.at_end() && !in_.at_one_of("|)")) {
      if (const auto run = in_.take_run(); !run.empty()) {
        whole.append(required_literals::text(ascii_lower(run)));
        continue;
      }
      auto part = item();
      while (in_.at_one_of("*+?{"))
        quantify(part);
      whole.append(std::move(part));
    }
    return whole;
  }

  required_literals item() {
    switch (const char c = in_.next()) {
    case '(':
      return group();
    case '[':
      return character_class();
    case '\\':
      return required_by(in_.escape());
    case '^':
    case '$':
      return required_literals::text("");
    case '.':
      return required_literals::nothing();
    case '*':
    case '+':
    case '?':
    case '{': // some versions take it literally; no host contains it
      in_.give_up();
      return required_literals::nothing();
    default:
      return required_by(in_.plain(c));
    }
  }

  /// Greedy, lazy or possessive: the requirement is the same.
  void quantify(required_literals& part) {
    switch (in_.next()) {
    case '*':
      part.repeat(0, std::nullopt);
      break;
    case '+':
      part.repeat(1, std::nullopt);
      break;
    case '?':
      part.repeat(0, 1);
      break;
    default:
      repeat_counted(part);
    }
    if (!in_.take('?'))
      in_.take('+');
  }

  /// {3}, {3,} or {3,5}. PCRE2 10.42 takes {,5} and { 3 } literally, later versions do not.
  void repeat_counted(required_literals& part) {
    const std::size_t least = in_.number(10, 5);
    std::optional<std::size_t> most = least;
    if (in_.take(','))
      most = in_.at('}') ? std::nullopt : std::optional<std::size_t>(in_.number(10, 5));
    in_.require('}');
    if (!in_.gave_up())
      part.repeat(least, most);
  }

  required_literals group() {
    if (in_.at('*') || depth_ == max_depth) { // a verb may end the match early
      in_.give_up();
      return required_literals::nothing();
    }
    if (!in_.take('?'))
      return body();
    const char kind = in_.next();
    const bool behind = kind == '<' && (in_.take('=') || in_.take('!'));
    if (behind || kind == '=' || kind == '!') { // whatever it looks at, it consumes nothing
      static_cast<void>(body());
      return required_literals::text("");
    }
    switch (kind) {
    case ':':
    case '>':
    case '|':
      return body();
    case 'P':
      in_.require('<');
      in_.name('>');
      return body();
    case '<':
      in_.name('>');
      return body();
    case '\'':
      in_.name('\'');
      return body();
    default:
      return options(kind);
    }
  }

  required_literals body() {
    ++depth_;
    auto inner = alternatives();
    --depth_;
    in_.require(')');
    return inner;
  }

  /// (?i) and (?i:...), also with other options that do not affect literals. Not x, which changes
  /// how the rest is read, nor other constructs with a question mark: conditions, recursion,
  /// comments.
  required_literals options(char first) {
    constexpr std::string_view harmless = "imsnUJ^-";
    for (char c = first;; c = in_.next()) {
      if (c == ')')
        return required_literals::text("");
      if (c == ':')
        return body();
      if (harmless.find(c) == harmless.npos) {
        in_.give_up();
        return required_literals::nothing();
      }
    }
  }

  required_literals character_class() {
    bool known = !in_.take('^');
    char_set members;
    do { // a closing bracket at the very start is a member
      const auto low = in_.class_member();
      auto high = low;
      if (in_.at_range()) {
        in_.next();
        high = in_.class_member();
      }
      known = known && low.what == symbol::kind::character && high.what == symbol::kind::character;
      const int last = static_cast<unsigned char>(high.value); // ASCII, as all that are known
      for (int c = static_cast<unsigned char>(low.value); known && c <= last; ++c)
        members.set(lower(static_cast<char>(c)));
    } while (!in_.gave_up() && !in_.take(']'));
    const bool few = members.any() && members.count() <= max_class_chars;
    return known && few ? required_by(members) : required_literals::nothing();
  }

  pattern_cursor in_;
  std::size_t depth_ = 0;
};

} // namespace

std::vector<std::string> literals_of(std::string_view pattern) {
  return pattern_reader(pattern).required();
}

} // namespace headwater::attribution
