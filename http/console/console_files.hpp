#pragma once

// The files of the console, which web/ builds and the linker puts into the program
// (cmake/console.cmake). A program that was built without them has one page, which says how to get
// the console.

#include "http/server/shared_body.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headwater::http {

/// A file as it is sent.
struct console_file {
  std::string_view name; ///< below /console/, such as "assets/main-Cx3.js"
  std::string_view content_type;
  std::string etag;          ///< of the file as it is, with its quotes
  bool is_immutable = false; ///< its name has a hash of what is in it
  shared_body_ptr body;

  [[nodiscard]] bool is_page() const { return content_type.starts_with("text/html"); }
};

/// Immutable; any thread.
class console_files {
public:
  /// `public_path` is what a proxy has in front of all paths of this server, such as "/hw", or
  /// empty: the page names its files below it.
  explicit console_files(std::string_view public_path);

  /// What is at a path below /console/. A link into the console, such as "a/acme/rules", is its
  /// page, which reads the rest from its own address. Null if there is no such file.
  [[nodiscard]] const console_file* find(std::string_view path) const;

  /// False: built without the console.
  [[nodiscard]] static bool has_console();

private:
  std::vector<console_file> files_; ///< in the order of their names
};

} // namespace headwater::http
