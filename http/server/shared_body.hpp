#pragma once

// Bodies that many answers share: made and packed once, and in memory once, however many clients
// ask for them or do not read them. For what needs no token, so that asking again costs little.

#include "domain/core/token_bucket.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::http {

/// What was packed before the program was built, and lives as long as it does.
struct packed_bytes {
  std::string_view plain;
  std::string_view gzip;   ///< empty: not worth it
  std::string_view brotli; ///< empty: not worth it
};

/// Any thread.
class shared_body {
public:
  explicit shared_body(std::string plain)
      : own_(std::move(plain)), bytes_{own_, {}, {}}, is_packed_ahead_(false) {}
  explicit shared_body(const packed_bytes& ready) : bytes_(ready), is_packed_ahead_(true) {}
  shared_body(const shared_body&) = delete;
  shared_body& operator=(const shared_body&) = delete;

  [[nodiscard]] std::string_view plain() const { return bytes_.plain; }
  /// The same in gzip. The first call packs it, which takes some milliseconds for a megabyte. Empty
  /// if it was packed ahead and gzip was not worth it.
  [[nodiscard]] std::string_view gzip() const;
  /// Empty if there is no such form.
  [[nodiscard]] std::string_view brotli() const { return bytes_.brotli; }
  [[nodiscard]] bool has_gzip() const { return !is_packed_ahead_ || !bytes_.gzip.empty(); }

private:
  std::string own_;
  packed_bytes bytes_;
  bool is_packed_ahead_;
  mutable std::once_flag is_packed_;
  mutable std::string gzip_;
};

using shared_body_ptr = std::shared_ptr<const shared_body>;

/// A page that changes with time and takes work to make. It is made for each request, but only
/// ten times a second: a request beyond that gets what was made last. So a page is as new as its
/// request unless many ask, and then at most a tenth of a second old. Clients that do not read keep
/// pages in memory; while more than 64 are there, a page is made once a second. Any thread.
class shared_page {
public:
  static constexpr request_rate most_often{10, std::chrono::seconds{1}};
  static constexpr std::size_t many_kept = 64;
  static constexpr std::chrono::seconds longest_shown{1};

  explicit shared_page(std::function<std::string()> make) : make_(std::move(make)) {}

  [[nodiscard]] shared_body_ptr get(steady_nanos now);

private:
  [[nodiscard]] bool is_due(steady_nanos now);

  std::function<std::string()> make_;
  std::mutex lock_; // of what follows
  steady_nanos full_at_ = always_full;
  std::uint64_t begun_ = 0;      ///< how often making has begun
  std::uint64_t last_begun_ = 0; ///< which of them made the last page
  steady_nanos last_at_{};
  shared_body_ptr last_;
  std::vector<std::weak_ptr<const shared_body>> kept_;
};

} // namespace headwater::http
