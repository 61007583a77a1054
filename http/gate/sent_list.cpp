#include "http/gate/sent_list.hpp"

namespace headwater::http {

awaitable<bool> send_gathered(exchange& x, std::string& text, std::size_t enough) {
  if (text.size() < enough)
    co_return true;
  const std::string_view piece = text;
  const bool is_there = co_await x.stream().write_some(piece);
  if (!is_there)
    co_return false;
  text.clear();
  co_await x.stream().yield();
  co_return true;
}

} // namespace headwater::http
