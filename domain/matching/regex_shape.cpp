#include "domain/matching/regex_shape.hpp"

#include "domain/core/text.hpp"

#include <algorithm>

namespace headwater::attribution {
namespace {

enum class token_kind : std::uint8_t {
  literal = 1,
  dot,
  set, ///< a class, \d and the like: one character
  open,
  close,
  bar,
  start,
  end,
  look, ///< a word boundary, or the opening of a look-around
  quantifier,
};

struct token {
  token_kind kind;
  std::size_t at;
  char literal = 0;
};

/// Divides a pattern into tokens; gives up at anything that it does not know.
class lexer {
public:
  explicit lexer(std::string_view pattern) : text_(pattern) {}

  [[nodiscard]] std::optional<std::vector<token>> run() {
    if (!is_ascii(text_))
      return std::nullopt;
    while (at_ < text_.size())
      if (!next())
        return std::nullopt;
    return std::move(tokens_);
  }

  /// Whether a quantifier or a group never gives back what it has matched.
  [[nodiscard]] bool is_possessive() const { return possessive_; }

private:
  bool next() {
    switch (text_[at_]) {
    case '\\':
      return escape();
    case '[':
      return set();
    case '(':
      return group();
    case ')':
      return take(token_kind::close, 1);
    case '|':
      return take(token_kind::bar, 1);
    case '^':
      return take(token_kind::start, 1);
    case '$':
      return take(token_kind::end, 1);
    case '.':
      return take(token_kind::dot, 1);
    case '*':
    case '+':
    case '?':
      return quantifier(1);
    case '{':
      // A brace that is no quantifier is a literal only in some versions of PCRE2.
      return braces() > 0 && quantifier(braces());
    default:
      return take(token_kind::literal, 1, text_[at_]);
    }
  }

  bool take(token_kind kind, std::size_t length, char literal = 0) {
    tokens_.push_back({kind, at_, literal});
    at_ += length;
    return true;
  }

  [[nodiscard]] char peek(std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  bool escape() {
    const char next = peek(1);
    if (std::string_view("dDwWsShHvV").find(next) != std::string_view::npos)
      return take(token_kind::set, 2);
    switch (next) {
    case 'b':
    case 'B':
      return take(token_kind::look, 2);
    case 'A':
      return take(token_kind::start, 2);
    case 'z':
    case 'Z':
      return take(token_kind::end, 2);
    }
    const bool letter_or_digit = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') ||
                                 (next >= '0' && next <= '9');
    return !letter_or_digit && next != '\0' && take(token_kind::literal, 2, next);
  }

  bool set() {
    auto end = at_ + 1;
    if (end < text_.size() && text_[end] == '^')
      ++end;
    for (bool first = true; end < text_.size(); first = false, ++end) {
      if (text_[end] == ']' && !first)
        return take(token_kind::set, end + 1 - at_);
      if (text_[end] == '\\' && (end + 1 == text_.size() || text_[++end] == 'Q'))
        return false;
      if (text_[end] == '[' && end + 1 < text_.size() && text_[end + 1] == ':')
        if (const auto close = text_.find(":]", end + 2); close != text_.npos)
          end = close + 1;
    }
    return false;
  }

  bool group() {
    if (peek(1) == '*')
      return false;
    if (peek(1) != '?')
      return take(token_kind::open, 1);
    const auto rest = text_.substr(at_ + 2);
    if (rest.starts_with(':'))
      return take(token_kind::open, 3);
    if (rest.starts_with('>')) {
      possessive_ = true;
      return take(token_kind::open, 3);
    }
    for (const std::string_view look : {"=", "!", "<=", "<!"})
      if (rest.starts_with(look))
        return take(token_kind::look, 2 + look.size());
    return false;
  }

  /// The length of {n}, {n,} or {n,m} at this point; 0 if there is none.
  [[nodiscard]] std::size_t braces() const {
    const auto end = text_.find('}', at_);
    if (end == text_.npos)
      return 0;
    const auto inner = text_.substr(at_ + 1, end - at_ - 1);
    const auto comma = inner.find(',');
    const auto digits = [](std::string_view part) {
      return std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    };
    const auto least = inner.substr(0, comma);
    const auto most = comma == inner.npos ? std::string_view{} : inner.substr(comma + 1);
    return !least.empty() && digits(least) && digits(most) ? end + 1 - at_ : 0;
  }

  bool quantifier(std::size_t length) {
    take(token_kind::quantifier, length);
    if (peek(0) == '?')
      ++at_;
    else if (peek(0) == '+') {
      ++at_;
      possessive_ = true;
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<token> tokens_;
  bool possessive_ = false;
};

using tokens = std::vector<token>;

bool is_at(const tokens& all, std::size_t at, token_kind kind) {
  return at < all.size() && all[at].kind == kind;
}

/// An alternative outside every group separates what precedes it from what follows.
bool has_outer_bar(const tokens& all) {
  int depth = 0;
  for (const auto& each : all) {
    // A look-around opens a group; a word boundary does not, and is two characters of its own.
    depth += each.kind == token_kind::open ? 1 : 0;
    depth -= each.kind == token_kind::close ? 1 : 0;
    if (each.kind == token_kind::bar && depth == 0)
      return true;
  }
  return false;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/// The unquantified literals from `at` on.
std::string literals_from(const tokens& all, std::size_t at) {
  std::string found;
  for (; is_at(all, at, token_kind::literal) && !is_at(all, at + 1, token_kind::quantifier); ++at)
    found += all[at].literal;
  return ascii_lower(found);
}

/// The literals up to `end`.
std::string literals_to(const tokens& all, std::size_t end) {
  auto at = end;
  while (at > 0 && all[at - 1].kind == token_kind::literal)
    --at;
  return literals_from(all, at);
}

std::vector<std::size_t> find_loose_dots(const tokens& all) {
  std::vector<std::size_t> found;
  for (std::size_t i = 1; i + 1 < all.size(); ++i) {
    const auto& before = all[i - 1];
    const auto& behind = all[i + 1];
    const bool follows = before.kind == token_kind::close ||
                         (before.kind == token_kind::literal && is_word(before.literal));
    const bool leads = behind.kind == token_kind::open || behind.kind == token_kind::close ||
                       (behind.kind == token_kind::literal && is_word(behind.literal));
    if (all[i].kind == token_kind::dot && follows && leads)
      found.push_back(all[i].at);
  }
  return found;
}

} // namespace

regex_shape shape_of(std::string_view pattern) {
  regex_shape shape;
  lexer reader(pattern);
  const auto read = reader.run();
  if (!read || read->empty())
    return shape;
  const auto& all = *read;
  const auto is = [&](token_kind kind) {
    return [kind](const token& each) { return each.kind == kind; };
  };
  shape.understood = true;
  shape.loose_dots = find_loose_dots(all);
  const auto looks = std::ranges::count_if(all, is(token_kind::look));
  const auto starts = std::ranges::count_if(all, is(token_kind::start));
  const auto ends = std::ranges::count_if(all, is(token_kind::end));
  shape.has_anchor = looks + starts + ends > 0;
  // A look-around's bracket is not counted as an opening one, so the depth would be wrong.
  const bool one_way = looks == 0 && !has_outer_bar(all);
  shape.from_start =
      one_way && all.front().kind == token_kind::start && !is_at(all, 1, token_kind::quantifier);
  shape.to_end = one_way && all.back().kind == token_kind::end;
  shape.plain = looks == 0 && !reader.is_possessive() && starts == (shape.from_start ? 1 : 0) &&
                ends == (shape.to_end ? 1 : 0);
  const std::size_t first = shape.from_start ? 1 : 0;
  const auto last = all.size() - (shape.to_end ? 1 : 0);
  if (shape.from_start)
    shape.head = literals_from(all, 1);
  if (shape.to_end)
    shape.tail = literals_to(all, last);
  if (auto text = literals_from(all, first);
      one_way && !text.empty() && text.size() == last - first)
    shape.text = std::move(text);
  return shape;
}

std::string with_escapes(std::string_view pattern, const std::vector<std::size_t>& offsets) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (std::ranges::find(offsets, i) != offsets.end())
      out += '\\';
    out += pattern[i];
  }
  return out;
}

} // namespace headwater::attribution
