//! Words that other caches use for what is said otherwise here, or needs no saying.

/// What to do instead of an option of that name; `None` for a name that is nobody's.
pub(super) fn answer(name: &str) -> Option<&'static str> {
    Some(match name {
        "size" | "max_size" | "maxsize" | "max" | "cap" | "max_capacity" | "max_entries"
        | "max_len" | "limit" => "how many entries are kept is said by `capacity = …`",
        "time" | "expire" | "expires" | "expiry" | "expiration" | "timeout" | "max_age"
        | "lifespan" | "lifetime" | "time_to_live" | "TimeToLive" => {
            "how long a result is good is said by `ttl`; write `ttl = \"30s\"`"
        }
        "tti" | "time_to_idle" | "time_refresh" | "refresh" => {
            "a hit does not make a result good for longer; its age, which `ttl` limits, counts from when it was computed; write `ttl = \"30s\"`"
        }
        "result" | "with_result" => {
            "of a `Result` only `Ok` is cached, without being asked; remove it"
        }
        "option" => {
            "`None` is cached like any other result; remove it, or write `cache_if = Option::is_some`"
        }
        "sync_writes" | "sync" | "sync_lock" | "SharedCache" | "shared" | "wait" => {
            "threads share caches; that one computes and the others wait is said by `single_flight`"
        }
        "thread_local" | "local" => {
            "a cache without synchronisation is called `unsync`; write `unsync`"
        }
        "convert" | "hash" | "by" | "key_fn" => {
            "what makes the key is said by `key`; write `key(name: Type = expression)`"
        }
        "typed" => "values of different types are never the same key; remove it",
        "ignore" | "Ignore" | "exclude" => {
            "arguments that do not decide the result are named by `skip`; write `skip(argument)`"
        }
        "ty" | "create" | "map" | "hasher" | "custom_hasher" => {
            "the store follows from `capacity`, `ttl`, `unsync` and `returns`; remove it"
        }
        _ => return None,
    })
}
