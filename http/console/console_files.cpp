#include "http/console/console_files.hpp"

#include "domain/core/preconditions.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>

namespace headwater::http {

/// An entry of the table that web/pack.mjs and cmake/console.cmake write.
struct packed_file {
  const char* name;
  std::uint64_t name_size;
  const char* type;
  std::uint64_t type_size;
  const char* etag; ///< ends with a zero byte
  std::uint64_t is_immutable;
  const char* plain;
  std::uint64_t plain_size;
  const char* gzip;
  std::uint64_t gzip_size;
  const char* brotli;
  std::uint64_t brotli_size;
  std::uint64_t reserved;
};
static_assert(sizeof(packed_file) == 13 * sizeof(std::uint64_t));

} // namespace headwater::http

// NOLINTBEGIN(readability-identifier-naming): names of the assembler's file.
extern "C" {
extern const headwater::http::packed_file headwater_console_assets[];
extern const std::uint64_t headwater_console_assets_count;
}
// NOLINTEND(readability-identifier-naming)

namespace headwater::http {
namespace {

constexpr std::string_view page_name = "index.html";

std::span<const packed_file> all_packed() {
  return {headwater_console_assets, headwater_console_assets_count};
}

/// The page with the addresses of its files below a proxy's path.
std::string with_public_path(std::string_view page, std::string_view public_path) {
  constexpr std::string_view mark = "=\"/console/";
  std::string out;
  for (auto at = page.find(mark); at != page.npos; at = page.find(mark)) {
    out.append(page.substr(0, at)).append("=\"").append(public_path).append("/console/");
    page.remove_prefix(at + mark.size());
  }
  return out.append(page);
}

console_file file_of(const packed_file& from, std::string_view public_path) {
  const packed_bytes bytes{
      {from.plain, from.plain_size}, {from.gzip, from.gzip_size}, {from.brotli, from.brotli_size}};
  console_file out;
  out.name = {from.name, from.name_size};
  out.content_type = {from.type, from.type_size};
  out.is_immutable = from.is_immutable != 0;
  if (out.is_page() && !public_path.empty()) {
    out.body = std::make_shared<const shared_body>(with_public_path(bytes.plain, public_path));
    out.etag = etag_of_text(out.body->plain());
  } else {
    out.body = std::make_shared<const shared_body>(bytes);
    out.etag = '"' + std::string(from.etag) + '"';
  }
  return out;
}

} // namespace

console_files::console_files(std::string_view public_path) {
  for (const auto& each : all_packed())
    files_.push_back(file_of(each, public_path));
  std::ranges::sort(files_, {}, &console_file::name);
}

const console_file* console_files::find(std::string_view path) const {
  const auto named = [&](std::string_view name) -> const console_file* {
    const auto at = std::ranges::lower_bound(files_, name, {}, &console_file::name);
    return at != files_.end() && at->name == name ? &*at : nullptr;
  };
  if (const auto* file = named(path))
    return file;
  const auto last = path.substr(path.rfind('/') + 1);
  const bool names_file = path.starts_with("assets/") || last.find('.') != last.npos;
  return names_file ? nullptr : named(page_name);
}

bool console_files::has_console() {
  return all_packed().size() > 1;
}

} // namespace headwater::http
