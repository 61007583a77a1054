#include "domain/attribution/plain_visit.hpp"

#include "domain/core/text.hpp"

#include <algorithm>
#include <array>

namespace headwater::attribution {
namespace {

constexpr std::size_t max_members = 16; // of one object
constexpr std::size_t max_number = 32;  // bytes

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The keys of one object, to tell one that is given twice.
class key_set {
public:
  /// False where the key is there already, or there is no room for it.
  bool add(std::string_view key) {
    const auto end = keys_.begin() + static_cast<std::ptrdiff_t>(count_);
    if (count_ == keys_.size() || std::find(keys_.begin(), end, key) != end)
      return false;
    keys_[count_++] = key;
    return true;
  }

private:
  std::array<std::string_view, max_members> keys_;
  std::size_t count_ = 0;
};

/// Every function returns false where the text is not of the plain shape; nothing counts then.
class plain_reader {
public:
  explicit plain_reader(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

  bool read(visit& into) {
    bool has_url = false;
    const bool is_object = object([&](std::string_view key) {
      if (key == "url")
        return has_url = string(&into.url);
      if (key == "referrer")
        return null() || string(&into.referrer.emplace());
      if (key == "session")
        return null() || session(into.session.emplace());
      return scalar();
    });
    blanks();
    return is_object && has_url && at_ == end_;
  }

private:
  bool session(utm_values& into) {
    return object([&](std::string_view key) {
      std::string* const value = utm_value(into, key);
      return value ? null() || string(value) : scalar();
    });
  }

  static std::string* utm_value(utm_values& of, std::string_view key) {
    if (!key.starts_with("utm_"))
      return nullptr;
    key.remove_prefix(4);
    return key == "source"     ? &of.source
           : key == "medium"   ? &of.medium
           : key == "campaign" ? &of.campaign
           : key == "term"     ? &of.term
           : key == "content"  ? &of.content
                               : nullptr;
  }

  /// Calls `member(key)` before each value, which it reads.
  template <class Member>
  bool object(Member&& member) {
    if (!takes('{'))
      return false;
    if (takes('}'))
      return true;
    key_set keys;
    do {
      std::string_view key;
      if (!takes('"') || !plain_string(key) || !keys.add(key) || !takes(':'))
        return false;
      blanks();
      if (!member(key))
        return false;
    } while (takes(','));
    return takes('}');
  }

  /// Any value that is neither an object nor an array.
  bool scalar() {
    return at_ != end_ && (*at_ == '"'   ? string(nullptr)
                           : *at_ == 'n' ? null()
                           : *at_ == 't' ? word("true")
                           : *at_ == 'f' ? word("false")
                                         : number());
  }

  bool null() { return word("null"); }

  bool word(std::string_view wanted) {
    if (!std::string_view(at_, end_).starts_with(wanted))
      return false;
    at_ += wanted.size();
    return true;
  }

  /// Short and without an exponent, so that some double holds it.
  bool number() {
    const auto* const begin = at_;
    at_ += at_ != end_ && *at_ == '-' ? 1 : 0;
    const auto* const first = at_;
    if (!digits() || (*first == '0' && at_ - first > 1))
      return false;
    if (at_ != end_ && *at_ == '.') {
      ++at_;
      if (!digits())
        return false;
    }
    return at_ - begin <= static_cast<std::ptrdiff_t>(max_number) &&
           (at_ == end_ || (*at_ != 'e' && *at_ != 'E'));
  }

  bool digits() {
    const auto* const begin = at_;
    while (at_ != end_ && is_digit(*at_))
      ++at_;
    return at_ != begin;
  }

  /// The rest of a string without escapes, behind its first quote.
  bool plain_string(std::string_view& into) {
    const std::string_view rest(at_, end_);
    into = rest.substr(0, unescaped_prefix(rest));
    at_ += into.size();
    return is_valid_utf8(into) && at_ != end_ && *at_++ == '"';
  }

  bool string(std::string* into) {
    if (at_ == end_ || *at_++ != '"')
      return false;
    const auto* const begin = at_;
    std::string_view text;
    if (plain_string(text)) {
      if (into)
        into->assign(text);
      return true;
    }
    at_ = begin;
    return escaped_string(into);
  }

  /// A string with the escapes that encoders write into URLs; surrogates are left to the parser.
  bool escaped_string(std::string* into) {
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
    if (into)
      *into = std::move(text);
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

  /// Whether the next byte but blanks is this one, which is passed then.
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

std::optional<visit> read_plain_visit(std::string_view json) {
  std::optional<visit> found(std::in_place);
  if (!plain_reader(json).read(*found))
    found.reset();
  return found;
}

} // namespace headwater::attribution
