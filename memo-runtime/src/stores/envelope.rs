//! What is stored under a key, so that nothing else can be taken for it?

/// Not what anything else is likely to begin with.
const MAGIC: [u8; 4] = *b"memo";
/// The number of this form.
const FORMAT: u8 = 1;
/// Magic, format, the end of the entry (milliseconds since 1970), and the digest of the function's identity.
const HEAD: usize = 4 + 1 + 8 + 16;

/// Puts the payload, which has the key and the value, into an envelope.
pub(super) fn seal(end: u64, identity: u128, payload: &[u8]) -> Vec<u8> {
    let mut envelope = Vec::with_capacity(HEAD + payload.len());
    envelope.extend(MAGIC);
    envelope.push(FORMAT);
    envelope.extend(end.to_be_bytes());
    envelope.extend(identity.to_be_bytes());
    envelope.extend(payload);
    envelope
}

/// When an entry ends, and its payload.
pub(super) fn open(envelope: &[u8], identity: u128) -> Result<(u64, &[u8]), &'static str> {
    let (head, payload) = envelope.split_at_checked(HEAD).ok_or("it is cut off")?;
    let (start, rest) = head.split_at(MAGIC.len() + 1);
    if start[..MAGIC.len()] != MAGIC {
        return Err("it is none of ours");
    }
    if start[MAGIC.len()] != FORMAT {
        return Err("it is of another format");
    }
    let (end, of) = rest.split_at(8);
    if of != identity.to_be_bytes() {
        return Err("it is another function's");
    }
    let mut bytes = [0; 8];
    bytes.copy_from_slice(end);
    Ok((u64::from_be_bytes(bytes), payload))
}
