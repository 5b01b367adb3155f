//! What proves the listings, in `tests/` and `benches/`. It is compiled only
//! when it is run: a reader's program waits for nothing of it.
