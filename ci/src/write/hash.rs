//! Hashes: of a file's bytes for its name, of a script for the policy.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// Eight hexadecimal digits: a new content is a new address.
pub fn short(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// As a `Content-Security-Policy` names a script.
pub fn sha256_base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(Sha256::digest(bytes))
}
