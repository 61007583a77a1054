#include "domain/accounts/secret_strength.hpp"

#include "domain/core/text.hpp"

#include <algorithm>
#include <bitset>
#include <vector>

namespace headwater::accounts {
namespace {

constexpr std::size_t least_different = 8;
constexpr std::size_t least_unforeseen = 12;
constexpr std::size_t least_run = 4;

std::size_t different_characters(std::string_view text) {
  std::bitset<256> seen;
  for (const char each : text)
    seen.set(static_cast<unsigned char>(each));
  return seen.count();
}

/// The length of the shortest text whose repetition begins with `text` (the failure function of
/// Knuth, Morris and Pratt).
std::size_t shortest_period(std::string_view text) {
  std::vector<std::size_t> border(text.size() + 1, 0);
  for (std::size_t i = 1, length = 0; i < text.size(); ++i) {
    while (length > 0 && text[i] != text[length])
      length = border[length];
    if (text[i] == text[length])
      ++length;
    border[i + 1] = length;
  }
  return text.size() - border[text.size()];
}

int place_in_alphabet(char letter) {
  return static_cast<unsigned char>(letter);
}

/// -100 - the character for what is on none of the three rows of letters, so that it stands next to
/// nothing.
int place_on_keyboard(char letter) {
  constexpr std::string_view rows = "qwertyuiop  asdfghjkl  zxcvbnm";
  const auto at = rows.find(letter);
  return letter == ' ' || at == rows.npos ? -100 - 10 * static_cast<unsigned char>(letter)
                                          : static_cast<int>(at);
}

/// Marks the characters of runs such as "aaaa", "abcd", "4321" and "qwer", where each one's place
/// is the same step of -1, 0 or 1 from the one before.
void mark_runs(std::string_view text, int (*place)(char), std::vector<bool>& in_run) {
  for (std::size_t first = 0; first + 1 < text.size();) {
    const int step = place(text[first + 1]) - place(text[first]);
    auto last = first + 1;
    while (last + 1 < text.size() && place(text[last + 1]) - place(text[last]) == step)
      ++last;
    const bool is_run = step >= -1 && step <= 1 && last - first + 1 >= least_run;
    if (is_run)
      std::fill(in_run.begin() + static_cast<std::ptrdiff_t>(first),
                in_run.begin() + static_cast<std::ptrdiff_t>(last + 1), true);
    first = last;
  }
}

std::size_t outside_runs(std::string_view secret) {
  const auto lower = ascii_lower(secret);
  std::vector<bool> in_run(lower.size(), false);
  mark_runs(lower, place_in_alphabet, in_run);
  mark_runs(lower, place_on_keyboard, in_run);
  return static_cast<std::size_t>(std::ranges::count(in_run, false));
}

} // namespace

std::optional<std::string_view> weakness_of(std::string_view secret) {
  if (different_characters(secret) < least_different)
    return "String should have at least 8 different characters, to be hard to guess";
  if (shortest_period(secret) < least_unforeseen)
    return "String should not be a short text again and again, to be hard to guess";
  if (outside_runs(secret) < least_unforeseen)
    return "String should have at least 12 characters outside runs such as abcd, 1234 and qwer, to "
           "be hard to guess";
  return std::nullopt;
}

} // namespace headwater::accounts
