#pragma once

// What the lists say, found by trying every entry on a host: slow, and written without a table.

#include "domain/lists/source_lists.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::testing {

class plain_scan {
public:
  plain_scan();

  struct line {
    std::string name;  ///< as reports show it; empty for a host that is an exception
    std::string entry; ///< as the file has it
    std::string text;  ///< in lower case, without "www."
    std::vector<std::string> labels = {}; ///< of the text
    bool is_app = false;
    bool is_ios = false;
  };

  /// All entries, those of the list that counts first in front.
  [[nodiscard]] const std::vector<line>& lines() const { return lines_; }
  /// The name of the longest entry that covers the host; empty if there is none.
  [[nodiscard]] std::string of_host(const std::string& host) const;
  /// An entry with each "{}" filled in.
  [[nodiscard]] static std::string filled(std::string_view text, std::string_view ending,
                                          std::string_view country);

private:
  std::vector<line> lines_;
};

} // namespace headwater::testing
