#include "domain/resolve/input/plain_visit.hpp"

#include "domain/core/text.hpp"
#include "domain/resolve/utm_members.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace headwater::attribution {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Every function returns false if the text does not have the plain shape; its results are void
/// then.
class plain_reader {
public:
  explicit plain_reader(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

  bool read(visit& into) {
    bool has_url = false, has_referrer = false, has_session = false;
    const bool is_object = object([&](std::string_view key) {
      if (key == "url")
        return is_first(has_url) && string(into.url);
      if (key == "referrer")
        return is_first(has_referrer) && (null() || string(into.referrer.emplace()));
      return key == "session" && is_first(has_session) &&
             (null() || session(into.session.emplace()));
    });
    blanks();
    return is_object && has_url && at_ == end_;
  }

private:
  bool session(utm_values& into) {
    std::array<bool, utm_members.size()> has{};
    return object([&](std::string_view key) {
      const auto* const found = std::ranges::find(utm_members, key, &utm_member::name);
      return found != utm_members.end() &&
             is_first(has[static_cast<std::size_t>(found - utm_members.begin())]) &&
             (null() || string(into.*found->value));
    });
  }

  /// Whether this is the first occurrence of a key.
  static bool is_first(bool& has) { return !std::exchange(has, true); }

  /// Calls `member(key)` before each value, and `member` reads the value.
  template <class Member>
  bool object(Member&& member) {
    if (!takes('{'))
      return false;
    if (takes('}'))
      return true;
    do {
      std::string_view key;
      if (!takes('"') || !plain_string(key) || !takes(':'))
        return false;
      blanks();
      if (!member(key))
        return false;
    } while (takes(','));
    return takes('}');
  }

  bool null() {
    constexpr std::string_view word = "null";
    if (!std::string_view(at_, end_).starts_with(word))
      return false;
    at_ += word.size();
    return true;
  }

  /// The rest of a string without escapes, after its opening quote.
  bool plain_string(std::string_view& into) {
    const std::string_view rest(at_, end_);
    into = rest.substr(0, unescaped_prefix(rest));
    at_ += into.size();
    return is_valid_utf8(into) && at_ != end_ && *at_++ == '"';
  }

  bool string(std::string& into) {
    if (at_ == end_ || *at_++ != '"')
      return false;
    const auto* const begin = at_;
    std::string_view text;
    if (plain_string(text)) {
      into.assign(text);
      return true;
    }
    at_ = begin;
    return escaped_string(into);
  }

  /// A string with the escapes that encoders use in URLs; surrogates are left to the parser.
  bool escaped_string(std::string& into) {
    std::string text;
    for (;;) {
      const std::string_view rest(at_, end_);
      const auto run = rest.substr(0, unescaped_prefix(rest));
      at_ += run.size();
      if (at_ == end_ || !is_valid_utf8(run))
        return false;
      text.append(run);
      if (*at_ == '"')
        break;
      if (*at_++ != '\\' || !escape(text))
        return false;
    }
    ++at_;
    into = std::move(text);
    return true;
  }

  bool escape(std::string& text) {
    constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
    if (at_ == end_)
      return false;
    const char c = *at_++;
    if (const auto known = names.find(c); known != names.npos) {
      text.push_back(values[known]);
      return true;
    }
    return c == 'u' && code_unit(text);
  }

  /// Four hexadecimal digits of an ASCII character: "\u0026" is how some encoders write "&".
  bool code_unit(std::string& text) {
    if (end_ - at_ < 4)
      return false;
    unsigned value = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = *at_++;
      const char folded = static_cast<char>(c | 0x20);
      if (!is_digit(c) && (folded < 'a' || folded > 'f'))
        return false;
      value = value * 16 + static_cast<unsigned>(is_digit(c) ? c - '0' : folded - 'a' + 10);
    }
    if (value >= 0x80)
      return false;
    text.push_back(static_cast<char>(value));
    return true;
  }

  void blanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r'))
      ++at_;
  }

  /// Whether the next byte after blanks is this one; if so, skips it.
  bool takes(char wanted) {
    blanks();
    if (at_ == end_ || *at_ != wanted)
      return false;
    ++at_;
    return true;
  }

  const char* at_;
  const char* end_;
};

} // namespace

bool read_plain_visit(std::string_view json, visit& into) {
  return plain_reader(json).read(into);
}

} // namespace headwater::attribution
