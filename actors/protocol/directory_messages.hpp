#pragma once

// Messages to the directory (accounts, brands and what they add to the allow-list, API tokens), and
// the look-ups of these.

#include "actors/protocol/clock.hpp"
#include "actors/protocol/erasure_progress.hpp"
#include "actors/protocol/list_page.hpp"
#include "actors/protocol/log_messages.hpp"
#include "domain/accounts/account.hpp"
#include "domain/accounts/api_token.hpp"
#include "domain/accounts/brand_platform.hpp"
#include "domain/core/preconditions.hpp"
#include "domain/core/token_bucket.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace headwater::actors {

/// An API token with the side fact of its last use, which is not in the log.
struct token_entry {
  explicit token_entry(accounts::api_token of) : token(std::move(of)) {}

  const accounts::api_token token;
  std::atomic<micros> last_used = 0;    ///< 0: not since it was cached
  std::atomic<micros> last_saved = 0;   ///< the value of last_used in the table of side facts
  std::atomic<bool> is_revoked = false; ///< set when a newer entry says so
  token_bucket requests;                ///< full whenever the entry is new
};
using token_ptr = std::shared_ptr<token_entry>;
using account_ptr = std::shared_ptr<const accounts::account>;

struct create_account {
  draft body;
  bool strict = false;
};
struct change_account {
  std::string account_id;
  draft body;
  bool strict = false;
  preconditions condition = {};
};
struct create_token {
  token_ptr creator;
  draft body;
  bool strict = false;
  std::int64_t default_rate = 0; ///< requests a minute of tokens without a limit; 0: any number
};
struct revoke_token {
  token_ptr creator;
  std::int64_t id = 0;
};

/// `account_id` is the owner for which the caller was admitted; the brand must still belong to it.
struct put_brand_platform {
  std::int64_t brand_id = 0;
  std::string account_id;
  std::string host; ///< as returned by referrals::platform_host()
  std::string platform;
  preconditions condition = {};
};
struct remove_brand_platform {
  std::int64_t brand_id = 0;
  std::string account_id;
  std::string host;
  preconditions condition = {};
};
struct erase_account {
  std::string account_id;
  preconditions condition = {};
};
using directory_command = std::variant<create_account, change_account, create_token, revoke_token,
                                       put_brand_platform, remove_brand_platform, erase_account>;

struct directory_request {
  origin by;
  directory_command command;
};

/// A token as shown to its creator, once: `secret` is empty if the creator chose it, and in a
/// replayed answer.
struct created_token {
  accounts::api_token token;
  std::string secret;
};

/// An entry after the change, or as it was before its removal.
struct changed_platform {
  accounts::brand_platform entry;
  bool is_new = false;
};

struct directory_outcome {
  std::variant<accounts::account, created_token, accounts::api_token, changed_platform,
               erasure_progress>
      value;
  std::vector<std::string> ignored_fields;
  bool replayed = false;
};
using directory_reply = result<directory_outcome>;

struct find_token {
  digest hash{};
};
using token_reply = result<token_ptr>; ///< null: no such token
struct find_account {
  std::string account_id;
};
struct find_brand {
  std::int64_t brand_id = 0;
};
using account_reply = result<account_ptr>; ///< null: no such account
using brand_owner = std::shared_ptr<const std::string>;
using brand_reply = result<brand_owner>; ///< the account that the brand belongs to; null: none

/// Asks for some of the accounts that a token is for, in the order of their ids.
struct list_accounts {
  std::string account_id = {};                  ///< whose turn it takes
  token_ptr who;                                ///< not null
  std::string after = {};                       ///< `last` of the page before
  std::size_t limit = 0;                        ///< of look-ups for one page
  std::size_t room = page_room;                 ///< in bytes, of one page
  steady_time waits_until = steady_time::max(); ///< the caller gives up at this time
};
/// May be without items and yet not the last: a token may name accounts that do not exist.
struct account_page {
  std::vector<accounts::account> items;
  std::string last; ///< the id of the last account that was looked up
  bool is_last = false;
};
using account_list = result<account_page>;

/// Asks for some of all tokens, in the order of their ids, so that long lists are read in turns.
struct list_tokens {
  std::string account_id; ///< whose turn it takes; of a token for several accounts, their names
  std::int64_t after = 0; ///< the id of the last one before
  std::size_t limit = 0;  ///< of one page
  std::size_t room = page_room;                 ///< in bytes, of one page
  steady_time waits_until = steady_time::max(); ///< the caller gives up at this time
};

/// A token and when it was last used (0: never).
struct listed_token {
  accounts::api_token token;
  micros last_used = 0;
};
using token_list = result<list_page<listed_token>>;
struct describe_token {
  std::int64_t id = 0;
};
using described_token = result<std::optional<listed_token>>; ///< nothing: no such token
struct list_brand_platforms {
  std::int64_t brand_id = 0;
  std::string account_id = {};                  ///< whose turn it takes
  steady_time waits_until = steady_time::max(); ///< the caller gives up at this time
};
using brand_platform_list = result<std::vector<accounts::brand_platform>>;

} // namespace headwater::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::directory_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::directory_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::find_token)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::token_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::find_account)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::find_brand)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::account_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::brand_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::list_accounts)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::account_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::list_tokens)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::token_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::describe_token)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::described_token)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::list_brand_platforms)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::brand_platform_list)
