//! The steps of the chapter `wakers/block_on`.
