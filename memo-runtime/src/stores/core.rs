//! What does a function know of its entries in a store, whether it waits for them or is `async`?

use std::{
    any::Any,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use super::{
    BoxError, Codec, MessagePack, StoreError,
    envelope::{self, Head},
    error::ErrorKind,
    gate::Pass,
    identity::{self, Identity, Keys},
    layout::Laid,
    region::{AsRegion, Settings},
    shape,
    underway::Underway,
    wall,
};
use crate::{
    flight::Table,
    info::{CacheInfo, Metrics, Stats},
    key::{Found, Given, KeyPart, Stored, WrittenArgument, WrittenKey},
};

/// Makes an encoded key and a value of bytes.
type Decode<V> = fn(&[u8]) -> Result<(Vec<u8>, Laid<V>), BoxError>;

/// The part of a store that a function has.
pub(super) struct Core<K: KeyPart, V> {
    /// As the list of caches says it.
    name: &'static str,
    keys: Keys,
    encode: fn(&[u8], &V) -> Result<Vec<u8>, BoxError>,
    decode: Decode<V>,
    somes: fn(&V) -> Result<u64, shape::Refusal>,
    pub(super) underway: Underway,
    /// By their encoded keys, and with envelopes for those who wait.
    pub(super) flights: Arc<Table<Vec<u8>, Vec<u8>>>,
    errors: AtomicU64,
    counts: Option<Stats>,
    key: PhantomData<fn(&K)>,
}

/// The key of an entry.
pub(super) struct EntryKey {
    encoded: Vec<u8>,
    pub(super) digest: u128,
    /// In the store.
    pub(super) key: String,
}

impl EntryKey {
    pub(super) fn encoded(&self) -> &Vec<u8> {
        &self.encoded
    }
    /// For a table.
    #[allow(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
    pub(super) fn hash(&self) -> u64 {
        self.digest as u64
    }
}

/// For how long the option `ttl` says that a value is good.
pub(super) type Ttl<V> = fn(&V) -> Duration;

/// From when on an entry is good, and how long.
#[derive(Clone, Copy)]
pub(super) struct Lifetime {
    start: u64,
    end: u64,
    ttl: Option<Duration>,
}

impl Lifetime {
    /// That of a value which is good for so long from `start` on; `None` if it is not to be kept.
    pub(super) fn of(start: u64, ttl: Option<Duration>) -> Option<Self> {
        match ttl.map(|ttl| (wall::after(start, ttl), ttl)) {
            None | Some((wall::NEVER, _)) => Some(Self { start, end: wall::NEVER, ttl: None }),
            Some((end, ttl)) => (wall::now() < end).then_some(Self { start, end, ttl: Some(ttl) }),
        }
    }
    pub(super) fn ttl(self) -> Option<Duration> {
        self.ttl
    }
}

/// Whether an entry that began at `start` is as young as the value may be by now; what is still to begin has no age that is known.
fn is_young(start: u64, ttl: Duration) -> bool {
    let now = wall::now();
    start <= now && now < wall::after(start, ttl)
}

impl<K: KeyPart, V> Core<K, V> {
    pub(super) fn new<R: AsRegion>(
        name: &'static str,
        settings: &Settings,
        identity: &Identity,
    ) -> Self
    where
        V: Serialize + DeserializeOwned,
    {
        Self::with::<R::Codec>(name, Keys::new(&settings.name, identity, R::Codec::NAME))
    }

    fn with<C: Codec>(name: &'static str, keys: Keys) -> Self
    where
        V: Serialize + DeserializeOwned,
    {
        Self {
            name,
            keys,
            encode: encode::<V, C>,
            decode: decode::<V, C>,
            somes: shape::somes::<V>,
            underway: Underway::default(),
            flights: Arc::new(Table::new()),
            errors: AtomicU64::new(0),
            counts: None,
            key: PhantomData,
        }
    }

    pub(super) fn count(&mut self) {
        self.counts = Some(Stats::default());
    }

    pub(super) fn hit(&self) {
        self.counts.iter().for_each(Metrics::hit);
    }

    pub(super) fn miss(&self) {
        self.counts.iter().for_each(Metrics::miss);
    }

    pub(super) fn reset(&self) {
        self.counts.iter().for_each(Metrics::reset);
    }

    pub(super) fn info(&self) -> CacheInfo {
        let mut info = CacheInfo::default();
        self.counts.iter().for_each(|counts| counts.fill(&mut info));
        CacheInfo { evictions: None, errors: Some(self.errors.load(Relaxed)), ..info }
    }

    pub(super) fn error(&self, kind: ErrorKind, source: BoxError) -> StoreError {
        StoreError::new(kind, self.name, source)
    }

    /// Counts an error that a call goes on without, and tells of it.
    pub(super) fn report(&self, settings: &Settings, error: &StoreError) {
        self.errors.fetch_add(1, Relaxed);
        settings.tell(error);
    }

    /// What an operation on the store has brought, for a call that goes on without; nothing if it failed.
    pub(super) fn noted<T>(
        &self,
        settings: &Settings,
        pass: Pass,
        kind: ErrorKind,
        result: Result<T, BoxError>,
    ) -> Option<T> {
        settings.gate(kind).note(pass, result.is_ok(), settings.retry_after);
        result.map_err(|source| self.report(settings, &self.error(kind, source))).ok()
    }

    /// What of all the function's keys is the beginning.
    pub(super) fn prefix(&self) -> &[u8] {
        self.keys.function.as_bytes()
    }

    fn entry_key<T: Serialize>(&self, key: &T) -> Result<EntryKey, StoreError> {
        let encoded = caught(|| {
            shape::somes(key)?;
            MessagePack::encode(key)
        });
        let encoded = encoded.map_err(|source| self.error(ErrorKind::Encode, source))?;
        let digest = identity::digest(&encoded);
        Ok(EntryKey { key: self.keys.entry(digest), digest, encoded })
    }

    /// The key of what a function is called with, if something can be stored under it.
    pub(super) fn key_of<A: WrittenArgument<K>>(&self, args: &A) -> Result<EntryKey, StoreError> {
        let key = self.entry_key(&Given::<K, A>(args, PhantomData))?;
        self.check::<A::Key>(&key, |stored| args.matches(stored))?;
        Ok(key)
    }

    /// The key of a stored one.
    pub(super) fn key_of_stored(&self, stored: &K::Stored) -> Result<EntryKey, StoreError>
    where
        K: WrittenKey,
    {
        self.entry_key(&Stored::<K>(stored))
    }

    /// Whether what is read of the bytes of a key `is_asked`. Other keys may give these bytes too, if not all of them is written
    /// (`#[serde(skip)]`): nothing is stored under such a key, which is an error.
    pub(super) fn check<Q: WrittenKey<Stored = K::Stored>>(
        &self,
        key: &EntryKey,
        is_asked: impl FnOnce(&K::Stored) -> bool,
    ) -> Result<(), StoreError> {
        let read = caught(|| MessagePack::decode::<Laid<Found<Q>>>(&key.encoded));
        let source = match read {
            Ok(found) if is_asked(&found.value.0) => return Ok(()),
            Ok(_) => "the key that is read is not the one that was written".into(),
            Err(source) => source,
        };
        Err(self.error(ErrorKind::Encode, source))
    }

    /// The bytes of an entry.
    pub(super) fn seal(
        &self,
        settings: &Settings,
        key: &EntryKey,
        value: &V,
        lifetime: Lifetime,
    ) -> Result<Vec<u8>, StoreError> {
        let written = caught(|| {
            // What is too deep to be read is not even written.
            let somes = (self.somes)(value)?;
            Ok((somes, (self.encode)(&key.encoded, value)?))
        });
        let envelope = written.and_then(|(somes, payload)| {
            // What cannot be read is not to be stored; and how it is read, is its layout.
            let (_, laid) = caught(|| (self.decode)(&payload))?;
            if caught(|| Ok((self.somes)(&laid.value)?))? != somes {
                return Err("of its options, others are there when it is read, as of `Some(None)`, which many codecs write as `None`".into());
            }
            let Lifetime { start, end, .. } = lifetime;
            let head = Head { start, end, layout: laid.layout };
            let envelope = envelope::seal(head, self.keys.digest, &payload);
            if envelope.len() > settings.max_value_len {
                let limit = settings.max_value_len;
                return Err(format!("{} bytes are more than {limit}", envelope.len()).into());
            }
            Ok(envelope)
        });
        envelope.map_err(|source| self.error(ErrorKind::Encode, source))
    }

    /// The value in the bytes of an entry, if it is that of a key which `is_asked`, and still good: by what was said when it was stored, and
    /// by what `ttl` says now.
    pub(super) fn open<Q: WrittenKey<Stored = K::Stored>>(
        &self,
        bytes: &[u8],
        ttl: Option<Ttl<V>>,
        is_asked: impl FnOnce(&K::Stored) -> bool,
    ) -> Result<Option<V>, StoreError> {
        let opened = envelope::open(bytes, self.keys.digest).map_err(BoxError::from);
        let found = opened.and_then(|(head, payload)| {
            if head.end != wall::NEVER && wall::now() >= head.end {
                return Ok(None);
            }
            let (key, laid) = caught(|| (self.decode)(payload))?;
            if laid.layout != head.layout {
                return Err("its type has changed since".into());
            }
            let key = caught(|| MessagePack::decode::<Laid<Found<Q>>>(&key))?;
            // Another key of the same digest is not there.
            if !is_asked(&key.value.0) {
                return Ok(None);
            }
            let is_young =
                caught(|| Ok(ttl.is_none_or(|ttl| is_young(head.start, ttl(&laid.value)))))?;
            Ok(is_young.then_some(laid.value))
        });
        found.map_err(|source| self.error(ErrorKind::Decode, source))
    }
}

/// A key and a value, as a codec gets them.
struct Payload<'a, V>(&'a [u8], &'a V);

impl<V: Serialize> Serialize for Payload<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (Bytes(self.0), self.1).serialize(serializer)
    }
}

struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

struct OwnedBytes(Vec<u8>);

impl<'de> Deserialize<'de> for OwnedBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = OwnedBytes;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<OwnedBytes, E> {
                Ok(OwnedBytes(bytes.to_vec()))
            }
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<OwnedBytes, E> {
                Ok(OwnedBytes(bytes))
            }
            /// Codecs without bytes have sequences of numbers.
            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut numbers: A,
            ) -> Result<OwnedBytes, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = numbers.next_element()? {
                    bytes.push(byte);
                }
                Ok(OwnedBytes(bytes))
            }
        }
        deserializer.deserialize_byte_buf(Visitor)
    }
}

fn encode<V: Serialize, C: Codec>(key: &[u8], value: &V) -> Result<Vec<u8>, BoxError> {
    C::encode(&Payload(key, value))
}

fn decode<V: DeserializeOwned, C: Codec>(bytes: &[u8]) -> Result<(Vec<u8>, Laid<V>), BoxError> {
    let (key, value) = C::decode::<(OwnedBytes, Laid<V>)>(bytes)?;
    Ok((key.0, value))
}

/// A panic in code of the user that makes bytes, or values of them, is an error like any other: the next call computes.
fn caught<T>(run: impl FnOnce() -> Result<T, BoxError>) -> Result<T, BoxError> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(told(&*panic).into()))
}

fn told(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a panic: {}", text.unwrap_or("of something that is no text"))
}

#[cfg(test)]
mod layout_tests;
