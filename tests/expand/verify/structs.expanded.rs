#[derive(Debug, Clone, Serialize)]
pub struct Circle {
    radius: f64,
    calls: Cell<u32>,
    #[doc(hidden)]
    #[serde(skip)]
    memo: ::memo_runtime::__private::InstanceCaches<Self>,
}
#[automatically_derived]
impl ::memo_runtime::__private::CacheField for Circle {
    #[allow(deprecated, unused_imports)]
    const FIELDS: ::memo_runtime::__private::FieldList = {
        use ::memo_runtime::__private::Unknown as _;
        ::memo_runtime::__private::FieldList::new(
            ::core::module_path!(),
            &[
                ::memo_runtime::__private::NamedField::plain("radius"),
                ::memo_runtime::__private::NamedField::untracked("calls"),
            ],
        )
    };
    #[inline]
    fn caches(&self) -> &::memo_runtime::__private::InstanceCaches<Self> {
        &self.memo
    }
    #[inline]
    fn caches_mut(&mut self) -> &mut ::memo_runtime::__private::InstanceCaches<Self> {
        &mut self.memo
    }
}
#[automatically_derived]
impl ::memo_runtime::__private::CacheHome for Circle {
    type AllCaches = (
        <Self as ::memo_runtime::__private::MemoizedBlock<
            ::memo_runtime::__private::Unnamed,
        >>::Caches,
    );
}
#[automatically_derived]
impl ::memo_runtime::__private::BlockHome<::memo_runtime::__private::Unnamed>
for Circle {
    type Caches = <Self as ::memo_runtime::__private::MemoizedBlock<
        ::memo_runtime::__private::Unnamed,
    >>::Caches;
    #[inline]
    fn block(caches: &Self::AllCaches) -> &Self::Caches {
        &caches.0
    }
}
#[automatically_derived]
impl ::memo_runtime::__private::Steady for Circle {}
const _: () = {
    #[allow(deprecated, unused_imports, clippy::multiple_bound_locations)]
    fn __asking(instance: &Circle)
    where
        for<'__any> Circle: ::core::panic::RefUnwindSafe,
    {
        use ::memo_runtime::__private::{Field, steady};
        steady(Field::of(&instance.radius).kind());
    }
};
struct Grid<'a, T: Copy> {
    cells: &'a [T],
    #[doc(hidden)]
    caches: ::memo_runtime::__private::InstanceCaches<Self>,
}
#[automatically_derived]
impl<'a, T: Copy> ::memo_runtime::__private::CacheField for Grid<'a, T> {
    #[allow(deprecated, unused_imports)]
    const FIELDS: ::memo_runtime::__private::FieldList = {
        use ::memo_runtime::__private::Unknown as _;
        ::memo_runtime::__private::FieldList::new(
            ::core::module_path!(),
            &[
                ::memo_runtime::__private::NamedField::new(
                    "cells",
                    ::memo_runtime::__private::Holding::<&'a [T]>::MAY_BE_REFERENCE,
                    ::memo_runtime::__private::Holding::<&'a [T]>::MAY_HOLD_REFERENCE,
                    ::memo_runtime::__private::Holding::<&'a [T]>::LOOKS,
                    ::memo_runtime::__private::Holding::<&'a [T]>::CLONES,
                ),
            ],
        )
    };
    #[inline]
    fn caches(&self) -> &::memo_runtime::__private::InstanceCaches<Self> {
        &self.caches
    }
    #[inline]
    fn caches_mut(&mut self) -> &mut ::memo_runtime::__private::InstanceCaches<Self> {
        &mut self.caches
    }
}
#[automatically_derived]
impl<'a, T: Copy> ::memo_runtime::__private::CacheHome for Grid<'a, T>
where
    Grid<
        'a,
        T,
    >: ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>,
    Grid<
        'a,
        T,
    >: ::memo_runtime::__private::MemoizedBlock<
        ::memo_runtime::__private::Named<13219106096605043557u64>,
    >,
{
    type AllCaches = (
        <Self as ::memo_runtime::__private::MemoizedBlock<
            ::memo_runtime::__private::Unnamed,
        >>::Caches,
        <Self as ::memo_runtime::__private::MemoizedBlock<
            ::memo_runtime::__private::Named<13219106096605043557u64>,
        >>::Caches,
    );
}
#[automatically_derived]
impl<
    'a,
    T: Copy,
> ::memo_runtime::__private::BlockHome<::memo_runtime::__private::Unnamed>
for Grid<'a, T>
where
    Grid<
        'a,
        T,
    >: ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>,
    Grid<
        'a,
        T,
    >: ::memo_runtime::__private::MemoizedBlock<
        ::memo_runtime::__private::Named<13219106096605043557u64>,
    >,
{
    type Caches = <Self as ::memo_runtime::__private::MemoizedBlock<
        ::memo_runtime::__private::Unnamed,
    >>::Caches;
    #[inline]
    fn block(caches: &Self::AllCaches) -> &Self::Caches {
        &caches.0
    }
}
#[automatically_derived]
impl<
    'a,
    T: Copy,
> ::memo_runtime::__private::BlockHome<
    ::memo_runtime::__private::Named<13219106096605043557u64>,
> for Grid<'a, T>
where
    Grid<
        'a,
        T,
    >: ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>,
    Grid<
        'a,
        T,
    >: ::memo_runtime::__private::MemoizedBlock<
        ::memo_runtime::__private::Named<13219106096605043557u64>,
    >,
{
    type Caches = <Self as ::memo_runtime::__private::MemoizedBlock<
        ::memo_runtime::__private::Named<13219106096605043557u64>,
    >>::Caches;
    #[inline]
    fn block(caches: &Self::AllCaches) -> &Self::Caches {
        &caches.1
    }
}
#[automatically_derived]
impl<'a, T: Copy> ::memo_runtime::__private::Steady for Grid<'a, T>
where
    T: ::core::panic::RefUnwindSafe,
{}
const _: () = {
    #[allow(deprecated, unused_imports, clippy::multiple_bound_locations)]
    fn __asking<'a, T: Copy>(instance: &Grid<'a, T>)
    where
        T: ::core::panic::RefUnwindSafe,
        T: ::memo_runtime::__private::Steady,
        for<'__any> Grid<'a, T>: ::core::panic::RefUnwindSafe,
    {
        use ::memo_runtime::__private::{Field, steady};
        steady(Field::of(&instance.cells).kind());
    }
};
