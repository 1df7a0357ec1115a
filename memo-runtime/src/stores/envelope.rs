//! What is stored under a key, so that nothing else can be taken for it?

/// Not what anything else is likely to begin with.
const MAGIC: [u8; 4] = *b"memo";
/// The number of this form.
const FORMAT: u8 = 2;
/// Magic, format, the start and the end of the entry (milliseconds since 1970), the layout of the value, and the digest of the function's
/// identity.
const HEAD: usize = 4 + 1 + 8 + 8 + 8 + 16;

/// What is said of an entry.
#[derive(Clone, Copy)]
pub(super) struct Head {
    /// From when on it is as old as it is.
    pub(super) start: u64,
    /// When it ends.
    pub(super) end: u64,
    /// The layout of its value.
    pub(super) layout: u64,
}

/// Puts the payload, which has the key and the value, into an envelope.
pub(super) fn seal(head: Head, identity: u128, payload: &[u8]) -> Vec<u8> {
    let mut envelope = Vec::with_capacity(HEAD + payload.len());
    envelope.extend(MAGIC);
    envelope.push(FORMAT);
    envelope.extend(head.start.to_be_bytes());
    envelope.extend(head.end.to_be_bytes());
    envelope.extend(head.layout.to_be_bytes());
    envelope.extend(identity.to_be_bytes());
    envelope.extend(payload);
    envelope
}

/// What is said of an entry, and its payload.
pub(super) fn open(envelope: &[u8], identity: u128) -> Result<(Head, &[u8]), &'static str> {
    let (head, payload) = envelope.split_at_checked(HEAD).ok_or("it is cut off")?;
    let (mark, rest) = head.split_at(MAGIC.len() + 1);
    if mark[..MAGIC.len()] != MAGIC {
        return Err("it is none of ours");
    }
    if mark[MAGIC.len()] != FORMAT {
        return Err("it is of another format");
    }
    let (start, rest) = rest.split_at(8);
    let (end, rest) = rest.split_at(8);
    let (layout, of) = rest.split_at(8);
    if of != identity.to_be_bytes() {
        return Err("it is another function's");
    }
    let head = Head { start: number(start), end: number(end), layout: number(layout) };
    Ok((head, payload))
}

/// Of eight bytes.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
