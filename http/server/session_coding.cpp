// Implements what session_impl.hpp says of gzip: which answers are packed, and how.

#include "http/server/gzip.hpp"
#include "http/server/negotiation.hpp"
#include "http/server/session_impl.hpp"

namespace headwater::http {

namespace {

/// Shorter answers are not worth compressing.
constexpr std::size_t smallest_packed = 1024;

} // namespace

/// Which coding the client takes, of those that this kind of answer may have.
body_coding session::accepted_coding(bool has_gzip, bool has_brotli) const {
  const auto type = exchange_.out.content_type;
  if (gone_ || type.empty() || type == "text/event-stream")
    return body_coding::identity;
  const auto accepted = joined(exchange_.head, "accept-encoding");
  if (!accepted)
    return body_coding::identity;
  const int gzip = has_gzip ? quality_of_coding(*accepted, "gzip") : 0;
  const int brotli = has_brotli ? quality_of_coding(*accepted, "br") : 0;
  if (brotli > 0 && brotli >= gzip)
    return body_coding::brotli;
  return gzip > 0 ? body_coding::gzip : body_coding::identity;
}

/// An answer in pieces is packed as it is sent, if there is memory for the packer; not lines, which
/// clients read as they come.
void session::choose_coding_of_pieces() {
  auto& out = exchange_.out;
  if (out.content_type == "application/x-ndjson" ||
      accepted_coding(true, false) == body_coding::identity)
    return;
  auto room = exchange_.borrow_answer(gzip_writer::memory);
  if (room.has_error())
    return;
  packing_ = std::move(*room);
  packer_.emplace();
  out.coding = body_coding::gzip;
  out.etag = gzip_etag(out.etag);
}

/// Whole answers above 1 KiB are packed if the client accepts it and there is memory for both
/// forms: the second one is charged until only it is left. A shared body has all of its forms.
void session::choose_coding() {
  auto& out = exchange_.out;
  if (out.payload().size() <= smallest_packed)
    return;
  const auto coding = out.shared
                          ? accepted_coding(out.shared->has_gzip(), !out.shared->brotli().empty())
                          : accepted_coding(true, false);
  if (coding == body_coding::identity)
    return;
  if (!out.shared) {
    auto room = exchange_.borrow_answer(out.body.size());
    if (room.has_error())
      return;
    packing_ = std::move(*room);
  } else if (coding == body_coding::gzip) {
    (void)out.shared->gzip(); // packed here, if it is not yet, where a failure is answered
  }
  out.coding = coding;
  out.etag = coding == body_coding::gzip ? gzip_etag(out.etag) : brotli_etag(out.etag);
}

/// Compresses the body if it is to be gzipped, giving other connections turns.
awaitable<void> session::pack() {
  auto& out = exchange_.out;
  gzip_writer writer;
  std::string packed;
  for (std::string_view rest = out.body; !rest.empty();) {
    const auto piece = rest.substr(0, gzip_writer::piece_size);
    writer.add(packed, piece);
    rest.remove_prefix(piece.size());
    if (!rest.empty())
      co_await yield();
  }
  writer.finish(packed);
  out.body = std::move(packed);
  packing_.reset();
}

/// Packs a piece, giving others turns, and sends what is ready, if anything.
awaitable<bool> session::pack_and_send(std::string_view piece) {
  std::string packed;
  while (!piece.empty()) {
    const auto part = piece.substr(0, gzip_writer::piece_size);
    packer_->add(packed, part);
    piece.remove_prefix(part.size());
    if (!piece.empty())
      co_await yield();
  }
  co_return co_await send_piece(packed);
}

} // namespace headwater::http
