#include "tools/token.hpp"

#include "actors/service.hpp"
#include "store/disk/data_directory.hpp"
#include "tools/terminal/common_options.hpp"
#include "tools/terminal/failure.hpp"

#include <iostream>

namespace headwater::tools {

int create_token(const token_options& with) {
  if (!std::filesystem::exists(with.data))
    return failure("there is no data directory " + with.data.string());
  if (with.allow_readable)
    let_group_read();
  else if (auto closed = store::check_private(with.data); !closed)
    return failure(closed.error());
  if (auto own = store::check_owner(with.data); !own)
    return failure(own.error());
  actors::service_settings settings;
  settings.data = with.data;
  settings.accept_clock = with.accept_clock;
  settings.checkpoints.every = {}; // the next start of the service signs them
  auto service = actors::service::open(settings);
  if (!service)
    return failure(service.error());
  auto secret = (*service)->create_token(with.name, with.role, std::nullopt);
  if (!secret)
    return failure(secret.error());
  if (!(std::cout << *secret << '\n' << std::flush))
    return failure("the token cannot be written to stdout and is lost; make another");
  return 0;
}

} // namespace headwater::tools
