use super::*;
use std::{array, collections::HashSet};

/// Whether a key is found by what it was made of, and by what is stored of it, and not by a different key.
fn finds<K: KeyType, A: Lookup<K> + Clone>(key: A, different: A) {
    let stored = Moved(key.clone().into_stored());
    let hash = hash_of::<K, A>(&key);
    assert_eq!(hash, hash_of::<K, Moved<K::Stored>>(&stored));
    assert_ne!(hash, hash_of::<K, A>(&different));
    assert!(key.matches(&stored.0));
    assert!(!different.matches(&stored.0));
    assert!(K::same(&stored.0, &key.into_stored()));
    assert!(!K::same(&stored.0, &different.into_stored()));
}

/// So many numbers, and the same with the last one negated: zeros, and numbers that are not equal to themselves.
fn numbers<const N: usize>() -> ([f64; N], [f64; N]) {
    let numbers = array::from_fn(|index| if index % 2 == 0 { f64::NAN } else { 0.0 });
    let mut different = numbers;
    different[N - 1] = -different[N - 1];
    (numbers, different)
}

fn arrays_find<const N: usize>() {
    let (numbers, different) = numbers::<N>();
    finds::<[Bits<f64>; N], _>(numbers, different);
    finds::<[[Bits<f64>; N]; 2], _>([numbers, numbers], [numbers, different]);
    finds::<[Option<Bits<f64>>; N], _>(numbers.map(Some), different.map(Some));
    finds::<Cloned<[Bits<f64>; N]>, _>(&numbers, &different);
    finds::<[Cloned<Bits<f64>>; N], _>(numbers.each_ref(), different.each_ref());
    let (bits, others) = (numbers.map(f64::to_bits), different.map(f64::to_bits));
    finds::<[ByValue<u64>; N], _>(bits, others);
    let (texts, others) = (bits.map(|n| n.to_string()), others.map(|n| n.to_string()));
    finds::<[Borrowed<str>; N], _>(
        texts.each_ref().map(String::as_str),
        others.each_ref().map(String::as_str),
    );
}

fn slices_find<const N: usize>() {
    let (numbers, different) = numbers::<N>();
    finds::<Slice<Bits<f64>>, _>(&numbers[..], &different[..]);
    finds::<Slice<Bits<f64>>, _>(&numbers[..], &numbers[1..]);
    finds::<VecOf<Bits<f64>>, _>(numbers.to_vec(), different.to_vec());
    finds::<Option<Slice<Bits<f64>>>, _>(Some(&numbers[..]), Some(&different[..]));
    finds::<Option<Slice<Bits<f64>>>, _>(Some(&[][..]), None);
    finds::<VecOf<VecOf<Bits<f64>>>, _>(vec![numbers.to_vec()], vec![different.to_vec()]);
    finds::<Slice<[Bits<f64>; N]>, _>(&[numbers, numbers][..], &[numbers, different][..]);
    finds::<Slice<(Bits<f64>, ByValue<u8>)>, _>(&[(numbers[0], 1)][..], &[(numbers[0], 2)][..]);
    let bits = (numbers.map(f64::to_bits), different.map(f64::to_bits));
    finds::<Slice<ByValue<u64>>, _>(&bits.0[..], &bits.1[..]);
}

#[test]
fn arrays_are_found_one_by_one_and_in_bulk() {
    arrays_find::<1>();
    arrays_find::<2>();
    arrays_find::<12>();
    arrays_find::<13>();
    arrays_find::<40>();
}

#[test]
fn slices_are_found() {
    slices_find::<1>();
    slices_find::<2>();
    slices_find::<8>();
    slices_find::<40>();
}

#[test]
fn slices_of_any_length_differ() {
    let zeros = [0.0f32; 300];
    let hash = |len| hash_of::<Slice<Bits<f32>>, _>(&&zeros[..len]);
    assert_eq!((0..=300).map(hash).collect::<HashSet<_>>().len(), 301);
    let split = |at| hash_of::<(Slice<Bits<f32>>, Slice<Bits<f32>>), _>(&zeros.split_at(at));
    assert_eq!((0..=300).map(split).collect::<HashSet<_>>().len(), 301);
}

#[test]
fn slices_of_parts_without_size_differ_by_their_length() {
    let key: &[[f64; 0]] = &[[], []];
    assert!(Lookup::<Slice<[Bits<f64>; 0]>>::matches(&key, &vec![[]; 2]));
    assert!(!Lookup::<Slice<[Bits<f64>; 0]>>::matches(&key, &vec![[]; 3]));
}
