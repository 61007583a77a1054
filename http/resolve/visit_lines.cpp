#include "http/resolve/visit_lines.hpp"

#include "domain/json/json_reader.hpp"

namespace headwater::http {

std::string& line_cutter::input() {
  pending_.erase(0, at_);
  at_ = 0;
  return pending_;
}

std::optional<line_cutter::line> line_cutter::next() {
  for (;;) {
    const auto end = pending_.find('\n', at_);
    if (end == pending_.npos) {
      const bool overlong = pending_.size() - at_ > limit_ + 1; // room for the CR of a CRLF
      if (skipping_ || overlong)
        at_ = pending_.size();
      if (skipping_ || !overlong)
        return std::nullopt;
      skipping_ = true;
      return line{{}, true};
    }
    const auto text = without_json_blanks(std::string_view(pending_).substr(at_, end - at_));
    at_ = end + 1;
    if (skipping_) {
      skipping_ = false;
      continue;
    }
    if (text.size() > limit_)
      return line{{}, true};
    if (!text.empty())
      return line{text};
  }
}

std::optional<line_cutter::line> line_cutter::last() {
  const auto text = without_json_blanks(std::string_view(pending_).substr(at_));
  at_ = pending_.size();
  if (skipping_ || text.empty())
    return std::nullopt;
  if (text.size() > limit_)
    return line{{}, true};
  return line{text};
}

} // namespace headwater::http
