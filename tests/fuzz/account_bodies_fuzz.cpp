// libFuzzer target: the bodies of accounts, API tokens, connections and a brand's own platforms.
// Whatever is accepted must survive its event and its record in the directory, and a PATCH with
// what GET shows must change nothing.

#include "domain/accounts/account.hpp"
#include "domain/accounts/api_token.hpp"
#include "domain/accounts/brand_platform.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/accounts/secret_strength.hpp"
#include "domain/accounts/system_events.hpp"
#include "domain/core/text.hpp"
#include "domain/json/fields.hpp"
#include "domain/referrals/connection.hpp"
#include "domain/referrals/registration.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace headwater;
using namespace headwater::accounts;

namespace {

constexpr micros now = 1'700'000'000'000'000;

void check_event(const system_event& event) {
  const auto written = encode(event);
  const auto read = fuzz::must(decode_system_event(written.type, written.schema, written.payload),
                               "an event of ours is not read");
  fuzz::require_equal(encode(read).payload, written.payload, "an event is read as another");
  for (const auto& row : project(event, {1, now}))
    fuzz::require(!row.key.empty(), "a row without a key", written.payload);
}

void check_account(const draft& created, const draft& patched) {
  auto read = read_account(created, false);
  if (!read)
    return fuzz::check_refusal(read.error());
  auto& made = read->value;
  fuzz::require(is_account_id(made.account_id), "an account id", made.account_id);
  check_event(account_created{made});
  made.created_at = made.updated_at = now;
  fuzz::require(fuzz::must(decode_account(encode_record(made)), "a record is not read") == made,
                "a record is read as another", encode_record(made));
  json_writer shown;
  write_resource(shown, made, made.account_id);
  const auto own = fuzz::must(parse_draft(std::move(shown).str()), "an answer is not JSON");
  fuzz::require(fuzz::must(read_account_patch(made, own, false), "an answer is refused").value ==
                    made,
                "what GET shows changes the account", made.account_id);
  const auto patch = read_account_patch(made, patched, false);
  if (!patch)
    return fuzz::check_refusal(patch.error());
  fuzz::require(patch->value.account_id == made.account_id, "a PATCH changes the id");
  check_event(change_of(made, patch->value));
  const auto twice = fuzz::must(read_account_patch(patch->value, patched, false),
                                "a PATCH is refused the second time");
  fuzz::require(twice.value == patch->value, "a PATCH changes something the second time");
}

void check_token(const draft& body) {
  const auto read = read_token_request(body, false);
  if (!read)
    return fuzz::check_refusal(read.error());
  if (read->own_secret)
    fuzz::require(is_own_secret(*read->own_secret) && !weakness_of(*read->own_secret),
                  "a weak secret is taken", *read->own_secret);
  api_token token;
  token.id = 7;
  token.name = read->name;
  token.scopes = read->scopes;
  token.accounts = read->accounts.value_or(account_list{true, {}});
  token.rate_limit = read->rate_limit;
  token.created_at = now;
  token.token_hash = hash_secret(read->own_secret.value_or("a"));
  fuzz::require(!token.scopes.empty(), "a token that may do nothing");
  fuzz::require(std::ranges::is_sorted(token.accounts.ids), "accounts out of order");
  check_event(api_token_created{token});
  fuzz::require(fuzz::must(decode_token(encode_record(token)), "a record is not read") == token,
                "a record is read as another", encode_record(token));
  json_writer shown;
  write_resource(shown, show(token, now), "");
  const auto answer = std::move(shown).str();
  fuzz::must(parse_draft(answer), "an answer is not JSON");
  fuzz::require(!read->own_secret || answer.find(*read->own_secret) == answer.npos ||
                    read->name.find(*read->own_secret) != std::string::npos,
                "an answer shows the secret", answer);
}

void check_connection(std::string_view body) {
  using namespace headwater::referrals;
  const auto read = read_connection_request(body);
  if (!read)
    return fuzz::check_refusal(read.error());
  const auto form = comparison_form(read->website);
  fuzz::require(!form.empty(), "a website with nothing to compare", read->website);
  // Its own form may begin with what is dropped: "www.www.a".
  fuzz::require(comparison_form(form).size() <= form.size(), "a form grows", form);
  const auto event = fuzz::must(register_connection(*read, 7, "01ARZ3NDEKTSV4RRFFQ69G5FAV", {}),
                                "a valid registration is refused");
  const auto payload = encode(event);
  const auto again = fuzz::must(decode_connection_event(type_of(event), schema_of(event), payload),
                                "an event of ours is not read");
  fuzz::require(again == event, "an event is read as another", payload);
  fuzz::require(state_after(event, {1, now}) == state_after(again, {1, now}),
                "an event leads elsewhere", payload);
}

void check_platform(const draft& body) {
  const auto name = read_platform_name(body);
  if (!name)
    return fuzz::check_refusal(name.error());
  const brand_platform entry{7, "a.example", *name, now, now};
  fuzz::require(fuzz::must(decode_platform(encode_record(entry)), "a record is not read") == entry,
                "a record is read as another", *name);
  check_event(brand_platform_added{entry});
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = fuzz::text_of(data, size);
  const auto first = fuzz::take_line(rest);
  check_connection(first);
  const auto body = parse_draft(first);
  if (!body)
    return 0;
  const auto second = parse_draft(rest);
  check_account(*body, second ? *second : draft{});
  check_token(*body);
  check_platform(*body);
  return 0;
}
