#include "actors/shared/log_key.hpp"

#include "actors/protocol/clock.hpp"
#include "domain/core/try.hpp"
#include "store/audit/checkpoint_table.hpp"

#include <openssl/crypto.h>
#include <spdlog/spdlog.h>

namespace headwater::actors {
namespace {

constexpr std::size_t seed_bytes = 32;
constexpr std::size_t name_bytes = 8;

std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// 32 secret bytes, wiped on destruction.
struct secret_seed {
  std::array<std::uint8_t, seed_bytes> bytes = random_bytes<seed_bytes>();

  secret_seed() = default;
  secret_seed(const secret_seed&) = delete;
  secret_seed& operator=(const secret_seed&) = delete;
  ~secret_seed() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

/// The name of a new key: that of the setting, which must not be in any stored checkpoint.
result<std::string> new_origin(const store::table_store& tables,
                               const checkpoint_settings& settings) {
  if (settings.origin.empty())
    return "headwater/" + to_hex(as_text(random_bytes<name_bytes>()));
  auto unused =
      store::read_checkpoints(tables, 0, [&](const store::stored_checkpoint& one) -> result<void> {
        if (one.says.origin != settings.origin)
          return {};
        return error{errc::validation_error,
                     "origin " + settings.origin +
                         ": a key that is lost signed checkpoints under this name; choose another"};
      });
  if (!unused)
    return unused.error();
  return settings.origin;
}

result<key_ptr> make_key(const store::table_store& tables, const std::filesystem::path& directory,
                         const checkpoint_settings& settings) {
  TRY(auto earlier, store::latest_checkpoint(tables));
  auto origin = new_origin(tables, settings);
  if (!origin)
    return origin.error();
  const secret_seed seed;
  auto key = store::make_log_key(*origin, as_text(seed.bytes));
  if (!key)
    return error{key.error().code, "origin " + *origin + ": " + key.error().message};
  CHECK(store::write_key_file(directory, *origin, as_text(seed.bytes)));
  if (earlier)
    spdlog::warn("the signing key is missing, and there are checkpoints of {}: made a new key, {}",
                 earlier->says.origin, *origin);
  return std::make_shared<const store::log_key>(std::move(*key));
}

} // namespace

result<key_ptr> open_log_key(const store::table_store& tables,
                             const std::filesystem::path& directory,
                             const checkpoint_settings& settings) {
  TRY(auto found, store::read_key_file(directory));
  if (!found)
    return settings.every.count() == 0 ? result<key_ptr>{nullptr}
                                       : make_key(tables, directory, settings);
  const auto& key = *found;
  if (key.is_exposed)
    spdlog::warn("others than its owner may read {}; chmod 600 it",
                 store::key_path(directory).string());
  if (!settings.origin.empty() && settings.origin != key.origin())
    spdlog::warn("origin {} is ignored: the signing key was made as {}", settings.origin,
                 key.origin());
  // An unreadable checkpoint is the checkpointer's to tell.
  if (const auto latest = store::latest_checkpoint(tables);
      latest && *latest && (*latest)->says.origin != key.origin())
    spdlog::warn("the last checkpoint is signed by {}, and the signing key here is {}: is {} that "
                 "of another installation?",
                 (*latest)->says.origin, key.origin(), store::key_path(directory).string());
  return std::make_shared<const store::log_key>(std::move(*found));
}

} // namespace headwater::actors
