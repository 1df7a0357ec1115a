//! Other fields and variants are another layout, another order is none.

use serde::{Serialize, de::DeserializeOwned};

use super::*;
use crate::stores::{Codec, MessagePack};

fn layout<V: DeserializeOwned>(bytes: &[u8]) -> Option<u64> {
    MessagePack::decode::<Laid<V>>(bytes).ok().map(|laid| laid.layout)
}

#[derive(Serialize, Deserialize)]
struct Size {
    width: Option<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}
#[derive(Deserialize)]
struct Reordered {
    #[serde(default)]
    #[allow(dead_code)]
    tags: Vec<String>,
    #[allow(dead_code)]
    width: Option<u8>,
}
#[derive(Deserialize)]
struct Renamed {
    #[allow(dead_code)]
    breadth: Option<u8>,
    #[serde(default)]
    #[allow(dead_code)]
    tags: Vec<String>,
}
#[derive(Deserialize)]
struct Added {
    #[allow(dead_code)]
    width: Option<u8>,
    #[serde(default)]
    #[allow(dead_code)]
    tags: Vec<String>,
    #[allow(dead_code)]
    height: Option<u8>,
}
#[derive(Deserialize)]
struct Removed {
    #[allow(dead_code)]
    width: Option<u8>,
}

#[test]
fn what_serde_would_read_wrongly_has_another_layout() {
    for tags in [vec![], vec!["a".to_owned()]] {
        let bytes = MessagePack::encode(&vec![Size { width: Some(1), tags }]).expect("bytes");
        let written = layout::<Vec<Size>>(&bytes);
        assert!(written.is_some());
        assert_eq!(layout::<Vec<Reordered>>(&bytes), written);
        // All of these are read without an error.
        for other in [
            layout::<Vec<Renamed>>(&bytes),
            layout::<Vec<Added>>(&bytes),
            layout::<Vec<Removed>>(&bytes),
        ] {
            assert!(other.is_some() && other != written);
        }
    }
}
