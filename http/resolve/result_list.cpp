#include "http/resolve/result_list.hpp"

namespace headwater::http {

namespace {

/// Longer answers are sent in pieces of this size, without a length in the head.
constexpr std::size_t list_piece = 1024 * 1024;

} // namespace

bool result_list::is_long() const {
  return gathered_.size() >= list_piece;
}

void result_list::add(std::string_view result) {
  if (!is_first_)
    gathered_.push_back(',');
  is_first_ = false;
  gathered_.append(result);
}

awaitable<bool> result_list::go_on() {
  if (is_long()) {
    x_.announce({});
    const std::string_view piece = gathered_;
    const bool is_there = co_await x_.stream().write_some(piece);
    if (!is_there)
      co_return false;
    gathered_.clear();
  }
  co_await x_.stream().yield();
  mine_.begin();
  co_return !x_.stream().is_gone();
}

awaitable<answer> result_list::finish(std::string_view summary, std::string_view meta) {
  gathered_.push_back(']');
  if (!summary.empty())
    gathered_.append(R"(,"summary":)").append(summary);
  gathered_.push_back('}');
  if (!meta.empty())
    gathered_.append(R"(,"meta":)").append(meta);
  gathered_.push_back('}');
  co_return co_await x_.finish(std::move(gathered_));
}

} // namespace headwater::http
