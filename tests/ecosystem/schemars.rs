use cow_collections::{
    CopyOnWriteList, CopyOnWriteSet, CowString, CowVec, PersistentVector, UniqueVec,
};
use schemars::{JsonSchema, schema_for};
use std::collections::BTreeSet;

#[track_caller]
fn same<A: JsonSchema, B: JsonSchema>() {
    assert_eq!(schema_for!(A), schema_for!(B));
    assert_eq!((A::schema_name(), A::schema_id()), (B::schema_name(), B::schema_id()));
    assert_eq!(A::inline_schema(), B::inline_schema());
}

#[test]
fn the_schemas_are_those_of_std() {
    same::<CowVec<u8>, Vec<u8>>();
    same::<UniqueVec<Option<bool>>, Vec<Option<bool>>>();
    same::<PersistentVector<CowString>, Vec<String>>();
    same::<CopyOnWriteList<CowVec<i64>>, Vec<Vec<i64>>>();
    same::<CopyOnWriteSet<u8>, BTreeSet<u8>>();
    same::<CowString, String>();
    let schema = schema_for!(CowVec<u8>);
    assert_eq!(schema.get("type").and_then(|x| x.as_str()), Some("array"));
}
