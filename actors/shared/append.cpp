#include "actors/shared/append.hpp"

#include "store/log/event_codec.hpp"

namespace headwater::actors {

store::new_event make_event(const origin& by, std::string type, int schema,
                            std::string_view payload) {
  return {std::move(type), schema,
          store::seal(by.from, by.key, payload, random_bytes<sizeof(store::event_salt)>())};
}

store::new_event make_event(const origin& by, std::string type, int schema,
                            const std::function<void(std::string&)>& append_payload,
                            std::size_t about) {
  return {std::move(type), schema,
          store::seal(by.from, by.key, append_payload, about,
                      random_bytes<sizeof(store::event_salt)>())};
}

error erased_meanwhile() {
  return {errc::account_erased, "The account was erased; nothing was changed."};
}

error stopped_meanwhile() {
  return {errc::outcome_unknown, "The service is stopping; the change may be stored."};
}

error refusal(const store::append_outcome& outcome) {
  switch (outcome.status) {
  case store::append_status::failed:
    return {errc::outcome_unknown, "The write failed: the change may or may not be stored. "
                                   "Look before you repeat it."};
  case store::append_status::stopped:
    return {errc::service_unavailable,
            "Writes are stopped since a write failed; nothing was changed."};
  case store::append_status::conflict:
    if (outcome.unreadable)
      return *outcome.unreadable;
    return {errc::service_unavailable, "Another change came in between; nothing was changed."};
  case store::append_status::closed:
    return erased_meanwhile();
  case store::append_status::refused:
    if (outcome.why_refused)
      return *outcome.why_refused;
    break;
  case store::append_status::appended:
    break;
  }
  return {errc::internal_error, "An append succeeded and was taken for a failure."};
}

result<void> check_fingerprint(const store::idempotency& key, const digest& used_for) {
  if (key.fingerprint == used_for)
    return {};
  return error{errc::idempotency_key_reused,
               "This Idempotency-Key was used for another request: " + key.key};
}

double seconds_since(steady_time sent) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - sent).count();
}

} // namespace headwater::actors
